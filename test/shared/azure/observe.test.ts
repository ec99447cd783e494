import { afterEach, describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../shared/azure/error';
import { type ArmServer, armError, type Respond, startArm } from './arm-server';
import { NOW, NSG, SCOPE, securityGroup, snapshotOf, SUBSCRIPTION, tenantAt, TOKEN } from './fixture';

const LISTS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network`;
const TOPICS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.EventGrid/systemTopics`;
const OTHER = '99999999-2222-3333-4444-555555555555';
const HUB = `/subscriptions/${OTHER}/resourceGroups/rg-hub/providers/Microsoft.Network`;
const EMPTY = { body: { value: [] } };

let arm: ArmServer;
afterEach(() => arm.close());

async function observing(respond: Respond, pinned: readonly string[] = []) {
  arm = await startArm(respond);
  return tenantAt(arm.origin).observe(SCOPE, pinned);
}

describe('shared/azure/observe', () => {
  test('reads twelve lists in one wave and keeps the raw JSON', async () => {
    const snapshot = await observing(({ path }) =>
      path.endsWith('/networkSecurityGroups') ? { body: { value: [securityGroup()] } } : EMPTY,
    );
    expect(snapshot).toMatchObject({ scope: SCOPE, takenAt: NOW, gaps: [], resources: [securityGroup()] });
    expect(arm.seen.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      `GET ${TOPICS}`,
      `GET ${LISTS}/azureFirewalls`,
      `GET ${LISTS}/bastionHosts`,
      `GET ${LISTS}/loadBalancers`,
      `GET ${LISTS}/networkInterfaces`,
      `GET ${LISTS}/networkManagers`,
      `GET ${LISTS}/networkSecurityGroups`,
      `GET ${LISTS}/privateLinkServices`,
      `GET ${LISTS}/publicIPAddresses`,
      `GET ${LISTS}/virtualHubs`,
      `GET ${LISTS}/virtualNetworks`,
      `GET /subscriptions/${SUBSCRIPTION}/resourceGroups`,
    ]);
  });

  test('sends the token and the canonical host to loopback', async () => {
    await observing(() => EMPTY);
    for (const { headers } of arm.seen) {
      expect(headers).toMatchObject({
        authorization: `Bearer ${TOKEN}`,
        'x-forwarded-host': 'management.azure.com',
        'x-forwarded-proto': 'https',
      });
    }
  });

  test.each([
    ['the canonical host', () => 'https://management.azure.com'],
    ['the loopback endpoint itself', () => arm.origin],
  ])('follows pages to their end when links name %s', async (_, origin) => {
    const snapshot = await observing(({ path, url }) => {
      if (!path.endsWith('/networkSecurityGroups')) return EMPTY;
      const page = Number(new URL(url, 'http://x').searchParams.get('page') ?? 1);
      const nextLink = page < 3 ? `${origin()}${path}?page=${page + 1}` : undefined;
      return { body: { value: [securityGroup({ id: `${NSG}-${page}` })], nextLink } };
    });
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.resources).toHaveLength(3);
  });

  test('broken items and missing parts do not cost the list', async () => {
    const items = [
      null,
      7,
      'text',
      {},
      { id: 5 },
      { id: NSG },
      { id: `${NSG}2`, properties: null },
      securityGroup({ id: `${NSG}3` }),
    ];
    const snapshot = await observing(({ path }) =>
      path.endsWith('/networkSecurityGroups') ? { body: { value: items } } : EMPTY,
    );
    expect(snapshot.resources).toEqual(items);
    expect(snapshot.gaps).toEqual([]);
  });

  test('a list that is forbidden is a gap that names the permission, and the rest is read', async () => {
    const snapshot = await observing(({ path }) =>
      path.endsWith('/networkInterfaces') ? armError(403, 'AuthorizationFailed') : EMPTY,
    );
    expect(snapshot.gaps).toHaveLength(1);
    expect(snapshot.gaps[0]).toMatchObject({
      resource: `${LISTS}/networkInterfaces`,
      what: 'not-read',
      touchesAdminPort: true,
    });
    expect(snapshot.gaps[0]?.why).toMatch(
      /403 AuthorizationFailed.*infra\/roles\/network\.json.*Microsoft\.Network\/networkInterfaces\/read/s,
    );
    expect(snapshot.gaps[0]?.why).toContain('req-AuthorizationFailed');
  });

  test.each([
    ['no JSON', 'oops'],
    ['no list', { value: { id: NSG } }],
    ['a bare list', [securityGroup()]],
    ['nothing', ''],
  ])('an answer that is %s is a gap', async (_, body) => {
    const snapshot = await observing(({ path }) => (path.endsWith('/virtualNetworks') ? { body } : EMPTY));
    expect(snapshot.gaps.map((gap) => gap.resource)).toEqual([`${LISTS}/virtualNetworks`]);
  });

  test('what was read before a page failed is kept beside the gap', async () => {
    const snapshot = await observing(({ path, url }) => {
      if (!path.endsWith('/networkSecurityGroups')) return EMPTY;
      if (url.includes('page=2')) return armError(500, 'InternalServerError');
      return { body: { value: [securityGroup()], nextLink: `https://management.azure.com${path}?page=2` } };
    });
    expect(snapshot.resources).toEqual([securityGroup()]);
    expect(snapshot.gaps).toHaveLength(1);
  });

  test('a nextLink that runs in circles ends in a gap', async () => {
    const snapshot = await observing(({ path }) => {
      if (!path.endsWith('/networkSecurityGroups')) return EMPTY;
      return { body: { value: [], nextLink: `https://management.azure.com${path}?page=2` } };
    });
    expect(snapshot.gaps[0]?.why).toContain('read already');
  });

  test('throttling and broken connections are tried again', async () => {
    const tries = new Map<string, number>();
    const snapshot = await observing(({ path }) => {
      const count = (tries.get(path) ?? 0) + 1;
      tries.set(path, count);
      if (path.endsWith('/networkInterfaces') && count === 1)
        return { ...armError(429, 'TooManyRequests'), headers: { 'retry-after': '0' } };
      if (path.endsWith('/virtualNetworks') && count === 1) return { reset: true };
      return path.endsWith('/bastionHosts') && count < 3 ? armError(503, 'ServiceUnavailable') : EMPTY;
    });
    expect(snapshot.gaps).toEqual([]);
  });

  test('when nothing at all can be read it throws, and says whether waiting helps', async () => {
    arm = await startArm(() => armError(403, 'AuthorizationFailed'));
    const refused = tenantAt(arm.origin).observe(SCOPE, []);
    await expect(refused).rejects.toBeInstanceOf(AzureError);
    await expect(refused).rejects.toMatchObject({
      status: 403,
      code: 'AuthorizationFailed',
      retryable: false,
      requestId: 'req-AuthorizationFailed',
    });
    await arm.close();
    await expect(tenantAt(arm.origin).observe(SCOPE, [])).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      retryable: true,
    });
    arm = await startArm(() => EMPTY);
  });

  test('reads a Bastion host pinned in another subscription with its network and its group', async () => {
    const subnet = `${HUB}/virtualNetworks/vnet-hub/subnets/AzureBastionSubnet`;
    const bodies: Record<string, unknown> = {
      '/bastionhosts/bas': {
        id: `${HUB}/bastionHosts/bas`,
        properties: { ipConfigurations: [{ properties: { subnet: { id: subnet } } }] },
      },
      '/virtualnetworks/vnet-hub': {
        id: `${HUB}/virtualNetworks/vnet-hub`,
        properties: {
          subnets: [
            { id: subnet, properties: { networkSecurityGroup: { id: `${HUB}/networkSecurityGroups/nsg-bas` } } },
          ],
        },
      },
      '/networksecuritygroups/nsg-bas': securityGroup({ id: `${HUB}/networkSecurityGroups/nsg-bas` }),
    };
    const snapshot = await observing(
      ({ path }) => {
        const found = Object.entries(bodies).find(([end]) => path.toLowerCase().endsWith(end));
        return found ? { body: found[1] } : EMPTY;
      },
      [`${HUB}/bastionHosts/bas`.toLowerCase()],
    );
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.resources).toEqual(Object.values(bodies));
  });

  test('a pinned host that is forbidden or gone is a gap, never an exception', async () => {
    const pinned = [`${HUB}/bastionHosts/forbidden`, `${HUB}/bastionHosts/gone`];
    const snapshot = await observing(({ path }) => {
      if (path.endsWith('/forbidden')) return armError(403, 'AuthorizationFailed');
      return path.endsWith('/gone') ? armError(404, 'ResourceNotFound') : EMPTY;
    }, pinned);
    expect(snapshot.gaps.map(({ resource, what }) => [resource, what])).toEqual([
      [pinned[0], 'not-read'],
      [pinned[1], 'dangling-reference'],
    ]);
  });

  test('what meets at a virtual hub is read with it', async () => {
    const hub = {
      id: `${HUB}/virtualHubs/hub (1)`,
      properties: {
        vpnGateway: { id: `${HUB}/vpnGateways/vpn` },
        expressRouteGateway: { id: `${HUB}/expressRouteGateways/er` },
      },
    };
    const circuits = { id: `${HUB}/expressRouteGateways/er`, properties: {} };
    const snapshot = await observing(({ path }) => {
      if (path === `${LISTS}/virtualHubs`) return { body: { value: [hub] } };
      return path.endsWith('/er') ? { body: circuits } : EMPTY;
    });
    expect(snapshot).toMatchObject({ gaps: [], resources: [hub, circuits] });
    expect(
      arm.seen
        .slice(12)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([
      `${LISTS}/vpnSites`,
      `${HUB}/expressRouteGateways/er`,
      `${HUB}/virtualHubs/hub%20(1)/hubVirtualNetworkConnections`,
    ]);
  });

  test('what belongs to something that is gone meanwhile is no gap', async () => {
    const manager = { id: `${HUB}/networkManagers/avnm` };
    const snapshot = await observing(({ path }) => {
      if (path.endsWith('/networkManagers')) return { body: { value: [manager] } };
      return path.includes('/networkManagers/') ? armError(404, 'ParentResourceNotFound') : EMPTY;
    });
    expect(snapshot).toMatchObject({ gaps: [], resources: [manager] });
  });

  test('looking again replaces just what was asked for', async () => {
    const fresh = securityGroup({ etag: 'W/"etag-2"' });
    const other = securityGroup({ id: `${NSG}-other` });
    const gone = securityGroup({ id: `${NSG}-gone` });
    arm = await startArm(({ path }) => {
      if (path.toLowerCase().endsWith('-gone')) return armError(404, 'ResourceNotFound');
      return path.toLowerCase().endsWith('-locked') ? armError(403, 'AuthorizationFailed') : { body: fresh };
    });
    const locked = securityGroup({ id: `${NSG}-locked` });
    const before = snapshotOf(securityGroup(), other, gone, locked);
    const keys = [NSG, gone.id, locked.id].map((id) => String(id).toLowerCase());
    const after = await tenantAt(arm.origin).lookAgain(before, keys);
    expect(after.resources).toEqual([other, locked, fresh]);
    expect(after.gaps.map((gap) => gap.resource)).toEqual([String(locked.id).toLowerCase()]);
  });
});
