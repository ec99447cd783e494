import { afterEach, describe, expect, test } from '@jest/globals';
import { deployedEventSubscriptions, eventGridResources } from '../../../playground/event-subscriptions';
import { guardrailIsWatching } from '../../../shared/controls/guardrail-is-watching';
import { isObject, listOf, propertiesOf } from '../../../shared/network/json';
import type { Gap } from '../../../shared/network/network';
import { BASTION_HOST, change, hubAndSpoke, policyWith, type Resource, SUBSCRIPTION } from '../../estate';
import { type ArmServer, armError, startArm } from './arm-server';
import { SCOPE, SUBSCRIPTION as OURS, tenantAt } from './fixture';
import { idOf, type Stage, stage } from './writing';

const EMPTY = { body: { value: [] } };
const TOPIC = eventGridResources(SUBSCRIPTION, deployedEventSubscriptions()).map(({ id }) => String(id))[0] ?? '';

function link(name: string): Resource {
  return { vm: { id: `/vm/${name}` }, bsl: `https://bastion/secret-${name}` };
}

function peeredWith(...remotes: readonly string[]): Resource[] {
  return remotes.map((id, index) => ({ name: `p${index}`, properties: { remoteVirtualNetwork: { id } } }));
}

let on: Stage | undefined;
let arm: ArmServer | undefined;
afterEach(async () => {
  await on?.close();
  await arm?.close();
  on = arm = undefined;
});

function brief(gaps: readonly Gap[]): unknown[] {
  return gaps.map(({ resource, what, touchesAdminPort }) => [resource.split('/').at(-1), what, touchesAdminPort]);
}

describe('event subscriptions', () => {
  const watched: Resource[] = [...hubAndSpoke(), ...eventGridResources(SUBSCRIPTION, deployedEventSubscriptions())];

  test('of a deployment are read, and tell every function of every road', async () => {
    on = await stage({ estate: watched });
    const { network, gaps } = await on.observe();
    expect(gaps).toEqual([]);
    expect(network.eventSubscriptions).toHaveLength(deployedEventSubscriptions().length);
    expect(guardrailIsWatching.check(network, policyWith()).findings).toEqual([]);
  });

  test('that are deleted are missed at the next look', async () => {
    on = await stage({ estate: watched });
    await on.observe();
    await on.arm('DELETE', `${TOPIC}/eventSubscriptions/guardrail-network-changed-2`);
    const { findings } = guardrailIsWatching.check((await on.observe()).network, policyWith());
    expect(findings.map(({ title }) => title)).toEqual([expect.stringContaining('networkChanged hears only a part')]);
  });

  test('are asked for at once when the topic is known, and the topic again when it has nothing on it', async () => {
    const topic = { id: TOPIC, properties: { topicType: 'Microsoft.Resources.Subscriptions' } };
    let isThere = true;
    arm = await startArm(({ path }) => {
      if (path.endsWith('/systemTopics')) return { body: { value: isThere ? [topic] : [] } };
      if (path.endsWith('/eventSubscriptions'))
        return isThere ? { body: { value: [{ id: `${TOPIC}/eventSubscriptions/a` }] } } : armError(404, 'NotFound');
      return EMPTY;
    });
    const tenant = tenantAt(arm.origin);
    const asked = async (): Promise<unknown[]> => {
      const before = arm?.seen.length ?? 0;
      const { resources } = await tenant.observe(SCOPE, []);
      const paths = arm?.seen.slice(before).map(({ path }) => path) ?? [];
      const ofEvents = paths.filter((path) => /EventGrid/.test(path)).map((path) => path.split('/').at(-1));
      return [resources.length, paths.length, ofEvents];
    };
    expect(await asked()).toEqual([2, 13, ['systemTopics', 'eventSubscriptions']]);
    expect(await asked()).toEqual([2, 12, ['eventSubscriptions']]);
    isThere = false;
    expect(await asked()).toEqual([0, 13, ['eventSubscriptions', 'systemTopics']]);
  });

  test('that may not be read are a gap that no repair waits for', async () => {
    arm = await startArm(({ path }) => (path.endsWith('/systemTopics') ? armError(403, 'AuthorizationFailed') : EMPTY));
    const { gaps } = await tenantAt(arm.origin).observe(SCOPE, []);
    expect(brief(gaps)).toEqual([['systemTopics', 'event-subscriptions-not-read', false]]);
    expect(gaps[0]?.why).toContain('Microsoft.EventGrid/systemTopics/read');
  });

  test('are none, and not unknown, for a guardrail that lives by events and finds no topic', async () => {
    on = await stage({ options: { expectsEvents: true } });
    const { network } = await on.observe();
    expect(network.eventSubscriptions).toEqual([]);
    expect(guardrailIsWatching.check(network, policyWith()).findings.length).toBeGreaterThan(0);
    await on.close();
    on = await stage();
    expect((await on.observe()).network.eventSubscriptions).toBeUndefined();
  });
});

describe('shareable links', () => {
  const sharing = change(hubAndSpoke(), 'bas-hub', (properties, host) => ({
    ...host,
    properties: { ...properties, enableShareableLink: true },
  }));

  test('are asked for page by page, and only the machines are kept', async () => {
    const id = `/subscriptions/${OURS}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas`;
    const host = { id, properties: { enableShareableLink: true } };
    arm = await startArm(({ path, method, url }) => {
      if (path.endsWith('/bastionHosts')) return { body: { value: [host] } };
      if (!path.endsWith('/getShareableLinks')) return EMPTY;
      if (url.includes('page=2')) return { body: { value: [link('b'), { bsl: 'https://bastion/secret-c' }] } };
      const nextLink = `https://management.azure.com${path}?page=2`;
      return method === 'POST' ? { body: { value: [link('a')], nextLink } } : armError(405, 'MethodNotAllowed');
    });
    const { resources, gaps } = await tenantAt(arm.origin).observe(SCOPE, [id.toLowerCase()]);
    expect(gaps).toEqual([]);
    expect(resources).toEqual([{ ...host, guardrailSharedLinks: ['/vm/a', '/vm/b'] }]);
  });

  test('are not asked for where the host has none to share, or is not pinned', async () => {
    on = await stage();
    await on.observe();
    expect(await on.writes()).toEqual([]);
    await on.close();
    on = await stage({ estate: sharing, pinned: [idOf('rg-hub', 'bastionHosts/another')] });
    const { network } = await on.observe();
    expect(network.bastionHosts.get(BASTION_HOST.toLowerCase())).not.toHaveProperty('sharedLinks');
  });

  test('that could not be asked for are a gap, and a look again does not take them for gone', async () => {
    on = await stage({ estate: sharing });
    const first = await on.observe();
    const rules = [
      { match: { path: 'getShareableLinks' }, respond: { status: 403, code: 'AuthorizationFailed', message: '' } },
    ];
    await on.control('faults', { rules });
    const { gaps, network } = await on.observe();
    expect(brief(gaps)).toEqual([['bas-hub', 'shareable-links-not-read', false]]);
    expect(network.bastionHosts.get(BASTION_HOST.toLowerCase())).not.toHaveProperty('sharedLinks');
    const again = await on.tenant.lookAgain(first, [BASTION_HOST.toLowerCase()]);
    expect(again.resources).toEqual(first.resources);
    expect(again.gaps.map(({ what }) => what)).toContain('shareable-links-not-read');
  });
});

describe('the far end of a peering', () => {
  const OTHER = '99999999-2222-3333-4444-555555555555';
  const near = `/subscriptions/${OURS}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/near`;
  const far = `/subscriptions/${OTHER}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/far`;
  const ours = { id: near, properties: { subnets: [], virtualNetworkPeerings: peeredWith(far) } };
  const theirs = {
    id: far,
    properties: {
      addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
      subnets: [{ id: `${far}/subnets/s`, properties: { networkSecurityGroup: { id: `${far}-nsg` } } }],
      virtualNetworkPeerings: peeredWith(near, `${far}-stranger`),
    },
  };

  test('in another subscription is read for what concerns us: neither its subnets nor its other peerings', async () => {
    arm = await startArm(({ path }) => {
      if (path.endsWith('/virtualNetworks')) return { body: { value: [ours] } };
      return path === far ? { body: theirs } : EMPTY;
    });
    const { resources, gaps } = await tenantAt(arm.origin).observe(SCOPE, []);
    expect(gaps).toEqual([]);
    const seen = resources.filter(isObject).find(({ id }) => id === far);
    expect(propertiesOf(seen)).toEqual({
      addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
      subnets: [],
      virtualNetworkPeerings: listOf(theirs.properties.virtualNetworkPeerings).slice(0, 1),
    });
  });

  test.each([
    ['may not be read', armError(403, 'AuthorizationFailed'), [['far', 'far-end-not-read', false]]],
    ['is gone', armError(404, 'ResourceNotFound'), []],
  ])('that %s stops nothing', async (_, answer, gaps) => {
    arm = await startArm(({ path }) => {
      if (path.endsWith('/virtualNetworks')) return { body: { value: [ours] } };
      return path === far ? answer : EMPTY;
    });
    const snapshot = await tenantAt(arm.origin).observe(SCOPE, []);
    expect(brief(snapshot.gaps)).toEqual(gaps);
    expect(snapshot.resources).toEqual([ours]);
  });
});

describe('route tables', () => {
  test('are listed once, and only where a subnet has one', async () => {
    for (const [routeTable, times] of [
      [undefined, 0],
      [{ id: '/t' }, 1],
    ] as const) {
      const id = `/subscriptions/${OURS}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v`;
      arm = await startArm(({ path }) =>
        path.endsWith('/virtualNetworks')
          ? { body: { value: [{ id, properties: { subnets: [{ properties: { routeTable } }] } }] } }
          : EMPTY,
      );
      await tenantAt(arm.origin).observe(SCOPE, []);
      expect(arm.seen.filter(({ path }) => path.endsWith('/routeTables'))).toHaveLength(times);
      await arm.close();
    }
    arm = undefined;
  });
});
