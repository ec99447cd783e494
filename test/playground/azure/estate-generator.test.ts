// Generated estates: as large as asked, accepted by the local Azure, and quick to read.
import { afterEach, describe, expect, test } from '@jest/globals';
import { generateEstate } from '../../../playground/azure/estate-generator';
import { listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Running } from './local-azure';
import { SUBSCRIPTION, start, withoutEtags } from './local-azure';

function countOf(resources: readonly object[], type: string): number {
  return resources.filter((resource) => textAt(resource, 'type') === type).length;
}

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

describe('generateEstate', () => {
  test('gives as many spokes and interfaces as asked, the same every time', () => {
    const size = { spokes: 200, interfaces: 2003 };
    const estate = generateEstate(size);
    expect(countOf(estate, 'Microsoft.Network/virtualNetworks')).toBe(201);
    expect(countOf(estate, 'Microsoft.Network/networkInterfaces')).toBe(2003);
    expect(countOf(estate, 'Microsoft.Compute/virtualMachines')).toBe(0);
    expect(new Set(estate.map(({ id }) => id)).size).toBe(estate.length);
    expect(generateEstate(size)).toEqual(estate);
  });

  test('every resource of it can be written back', async () => {
    const resources = generateEstate({ spokes: 3, interfaces: 7, extraRules: 5, machines: true });
    running = await start({ resources });
    const before = listAt((await running.control('GET', 'state')).body, 'resources');
    expect(before).toHaveLength(resources.length);
    for (const resource of before) {
      const id = textAt(resource, 'id') ?? '';
      if (id.includes('Microsoft.Compute')) continue;
      const answer = await running.send('PUT', id, resource);
      expect([id, answer.status, objectAt(answer.body).error]).toEqual([id, 200, undefined]);
    }
    const after = listAt((await running.control('GET', 'state')).body, 'resources');
    expect(withoutEtags(after)).toEqual(withoutEtags(before));
  });

  test('the size of the budgets loads, and lists through the real client', async () => {
    running = await start({ resources: generateEstate({ spokes: 200, interfaces: 2000 }) });
    const names = [];
    for await (const nic of running.client.networkInterfaces.listAll()) names.push(nic.name);
    expect(names).toHaveLength(2000);
    const path = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
    const hub = (await running.send('GET', path)).body;
    expect(listAt(hub, 'properties', 'virtualNetworkPeerings')).toHaveLength(200);
  });
});
