// Key vaults, which are only read, and for which no client is installed.
import type { JsonObject } from '../../../playground/azure/json';
import { must } from './plain';
import type { Stage } from './stage';
import { SUBSCRIPTION } from './stage';

const PROVIDER = 'providers/Microsoft.KeyVault/vaults';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;

/** One vault for the estate. */
export function vault(): JsonObject {
  return {
    id: `${GROUP}/${PROVIDER}/kv-app`,
    name: 'kv-app',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    properties: { tenantId: SUBSCRIPTION, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true },
  };
}

export async function driveVaults(stage: Stage): Promise<void> {
  for (const path of [
    `/subscriptions/${SUBSCRIPTION}/${PROVIDER}`,
    `${GROUP}/${PROVIDER}`,
    `${GROUP}/${PROVIDER}/kv-app`,
  ]) {
    await must(stage, { method: 'GET', path: `${path}?api-version=2023-07-01` });
  }
}
