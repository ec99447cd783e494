// Key vaults, which are only read, and for which no client is installed.
import { must } from './plain';
import type { Stage } from './stage';
import { SUBSCRIPTION } from './stage';

const PROVIDER = 'providers/Microsoft.KeyVault/vaults';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;

export async function driveVaults(stage: Stage): Promise<void> {
  for (const path of [
    `/subscriptions/${SUBSCRIPTION}/${PROVIDER}`,
    `${GROUP}/${PROVIDER}`,
    `${GROUP}/${PROVIDER}/kv-app`,
  ]) {
    await must(stage, { method: 'GET', path: `${path}?api-version=2023-07-01` });
  }
}
