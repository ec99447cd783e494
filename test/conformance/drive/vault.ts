// One key vault for the estate.
import type { JsonObject } from '../../../playground/azure/json';

export function vault(subscription: string): JsonObject {
  return {
    id: `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-app`,
    name: 'kv-app',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    properties: { tenantId: subscription, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true },
  };
}
