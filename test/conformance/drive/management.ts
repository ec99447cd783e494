// What belongs to Azure Resource Manager itself: subscriptions, groups, locks, moves between groups.
import { follow, must } from './plain';
import type { Stage } from './stage';
import { GROUP, LOCATION, SUBSCRIPTION, idOf } from './stage';

const HERE = `/subscriptions/${SUBSCRIPTION}`;
const API = 'api-version=2021-04-01';
const LOCKS = 'api-version=2020-05-01';

export async function driveGroups(stage: Stage): Promise<void> {
  for (const group of [GROUP, 'rg-elsewhere']) {
    const path = `${HERE}/resourceGroups/${group}?${API}`;
    await must(stage, { method: 'PUT', path, body: { location: LOCATION, tags: { owner: 'conformance' } } });
    await must(stage, { method: 'GET', path });
  }
  for (const path of ['/subscriptions', HERE, `${HERE}/resourceGroups`])
    await must(stage, { method: 'GET', path: `${path}?${API}` });
}

export async function driveLocks(stage: Stage): Promise<void> {
  const scope = idOf('virtualNetworks', 'vnet-far');
  const lock = `${scope}/providers/Microsoft.Authorization/locks/keep?${LOCKS}`;
  await must(stage, { method: 'PUT', path: lock, body: { properties: { level: 'CanNotDelete', notes: 'Kept' } } });
  await must(stage, { method: 'GET', path: lock });
  await must(stage, { method: 'GET', path: `${HERE}/providers/Microsoft.Authorization/locks?${LOCKS}` });
  await must(stage, { method: 'DELETE', path: lock });
}

export async function driveMoves(stage: Stage): Promise<void> {
  const address = idOf('publicIPAddresses', 'pip-moved');
  await stage.client.publicIPAddresses.createOrUpdate(GROUP, 'pip-moved', {
    location: LOCATION,
    sku: { name: 'Standard' },
  });
  const body = { resources: [address], targetResourceGroup: `${HERE}/resourceGroups/rg-elsewhere` };
  for (const action of ['validateMoveResources', 'moveResources']) {
    const path = `${HERE}/resourceGroups/${GROUP}/${action}?${API}`;
    await follow(stage, await must(stage, { method: 'POST', path, body }));
  }
  await stage.client.publicIPAddresses.get('rg-elsewhere', 'pip-moved');
  await stage.client.publicIPAddresses.delete('rg-elsewhere', 'pip-moved');
}
