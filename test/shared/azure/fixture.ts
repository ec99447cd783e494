/** A small estate and a tenant on it, for the tests of shared/azure. */
import type { HttpClient } from '@azure/core-rest-pipeline';
import { azureTenant } from '../../../shared/azure/tenant';
import { EMPTY_NETWORK } from '../../../shared/network/network';
import type { Snapshot, Tenant, WriteTurn } from '../../../shared/ports';
import type { Scope } from '../../../shared/scope';

export const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
export const SCOPE: Scope = { kind: 'network', subscriptionId: SUBSCRIPTION };
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-App`;
export const NSG = `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg-App`;
export const NSG_KEY = NSG.toLowerCase();
export const TOKEN = 'eyJhbGciOi.secret-token-of-the-test.sig';
export const NOW = new Date('2026-11-23T09:00:00Z');

/** A security group as a newer API version might send it: with properties at every level that no model knows. */
export function securityGroup(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: NSG,
    name: 'nsg-App',
    type: 'Microsoft.Network/networkSecurityGroups',
    location: 'westeurope',
    tags: { owner: 'Ünïcode "quoted"' },
    etag: 'W/"etag-1"',
    futureTopLevel: { nested: [1, null, { deep: true }] },
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: 'guid-1',
      flushConnection: false,
      futureProperty: 'kept',
      securityRules: [rule('allow-rdp', 120), rule('allow-https', 130, { destinationPortRange: '443' })],
      defaultSecurityRules: [rule('DenyAllInBound', 65500)],
      subnets: [{ id: `${GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/s` }],
      networkInterfaces: [],
      flowLogs: [],
    },
    ...over,
  };
}

export function rule(name: string, priority: number, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `${NSG}/securityRules/${name}`,
    name,
    etag: 'W/"rule-etag"',
    type: 'Microsoft.Network/networkSecurityGroups/securityRules',
    futureOfRule: [name],
    properties: {
      provisioningState: 'Succeeded',
      protocol: 'TCP',
      sourcePortRange: '*',
      destinationPortRange: '3389',
      sourceAddressPrefix: 'Internet',
      destinationAddressPrefix: '*',
      access: 'Allow',
      priority,
      direction: 'Inbound',
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
      futureRuleProperty: { kept: name },
      ...over,
    },
  };
}

/** Nothing stands against writing, for a long time. */
export const FREE_TURN: WriteTurn = {
  mayWrite: async () => undefined,
  until: new Date('9999-01-01T00:00:00Z'),
};

/** A tenant at `armEndpoint` that retries at once; the network read is empty, because the raw JSON is what is tested. */
export function tenantAt(armEndpoint: string, httpClient?: HttpClient): Tenant {
  return azureTenant({
    armEndpoint,
    credential: { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    readNetwork: () => ({ network: EMPTY_NETWORK, gaps: [] }),
    now: () => NOW,
    retries: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 5 },
    ...(httpClient && { httpClient }),
  });
}

export function snapshotOf(...resources: unknown[]): Snapshot {
  return { scope: SCOPE, takenAt: NOW, network: EMPTY_NETWORK, gaps: [], resources };
}
