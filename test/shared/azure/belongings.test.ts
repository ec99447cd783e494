import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createLocalAzure, type LocalAzure } from '../../../playground/azure';
import { type Listening, listen } from '../../../playground/azure/listen';
import { azureTenant } from '../../../shared/azure/tenant';
import { readNetwork } from '../../../shared/network/read';
import type { Snapshot } from '../../../shared/ports';
import { hubAndSpoke, type Resource, SUBSCRIPTION } from '../../estate';
import { TOKEN } from './fixture';
import { wideEstate } from './wide-estate';

let azure: LocalAzure;
let server: Listening;
afterEach(async () => {
  await server.close();
  await azure.close();
});

async function observing(estate: readonly Resource[], faults: unknown = {}): Promise<Snapshot> {
  azure = createLocalAzure({ estate });
  server = await listen(azure.fetch, { port: 0 });
  await fetch(`${server.url}/playground/faults`, { method: 'POST', body: JSON.stringify(faults) });
  const tenant = azureTenant({
    armEndpoint: server.url,
    credential: { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    readNetwork,
    now: () => new Date(),
    retries: { maxRetries: 0, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
  return tenant.observe({ kind: 'network', subscriptionId: SUBSCRIPTION }, []);
}

/** Paths that ARM was asked for, below the subscription. */
async function asked(): Promise<string[]> {
  const answer = await fetch(`${server.url}/playground/requests`);
  const requests = z.array(z.looseObject({ path: z.string() })).parse(await answer.json());
  return requests.map(({ path }) => path.replace(/^\/subscriptions\/[^/]+\//, '').replace(/\?.*$/, ''));
}

describe('shared/azure/belongings', () => {
  test('an ordinary estate takes one wave of twelve lists and nothing more', async () => {
    expect((await observing(hubAndSpoke())).gaps).toEqual([]);
    const paths = await asked();
    expect(paths).toHaveLength(12);
    expect(paths.filter((path) => path.includes('resourceGroups/'))).toEqual([]);
  });

  test('an estate with everything is read without a gap, each thing once', async () => {
    const { network, gaps } = await observing(wideEstate());
    expect(gaps).toEqual([]);
    const paths = await asked();
    expect(new Set(paths).size).toBe(paths.length);
    expect(network.forwardings).toMatchObject([
      { kind: 'firewall-dnat', name: 'afw/in/ssh', origin: { ipv4: [expect.any(Array)] } },
    ]);
    expect(network.gateways).toMatchObject([{ name: 'vgw', addresses: { ipv4: [expect.any(Array)] } }]);
    expect(network.connectedGroups.map(({ kind, virtualNetworks }) => [kind, virtualNetworks.length])).toEqual([
      ['virtual-wan', 2],
    ]);
    const rules = [...network.adminRules.values()].flat().flatMap((group) => group.rules);
    expect(rules.map(({ name }) => name)).toEqual(['no-telnet']);
    const instance = [...network.interfaces.values()].find(({ id }) => id.includes('/virtualMachineScaleSets/'));
    expect(instance?.ipConfigurations).toHaveLength(1);
  });

  test('a list below that fails is a gap, and what else belongs there is read', async () => {
    const rules = [
      {
        match: { path: '/ruleCollectionGroups$' },
        respond: { status: 500, code: 'InternalServerError', message: 'no' },
      },
    ];
    const { network, gaps } = await observing(wideEstate(), { rules });
    expect(gaps.map(({ resource, what }) => [resource.split('/').at(-1), what])).toEqual([
      ['ruleCollectionGroups', 'not-read'],
    ]);
    expect(network.forwardings).toEqual([]);
    expect(network.adminRules.size).toBe(1);
  });
});
