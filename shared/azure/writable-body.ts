/** What of a resource's JSON may be sent back: everything, known or not, but what is ARM's own. */
import { isObject, type JsonObject } from '../network/json';
import { SHARED_LINKS } from '../network/read-bastion-host';

/** Kept by ARM for every resource; sent back, it would be ignored at best. */
const OF_EVERY_TYPE: ReadonlySet<string> = new Set([
  'provisioningState',
  'resourceGuid',
  'peeringState',
  'peeringSyncLevel',
  'remoteVirtualNetworkAddressSpace',
]);

const IN_USE = ['inboundNatRules', 'inboundNatPools', 'loadBalancingRules', 'outboundRules'];

/**
 * Read-only properties, which ARM ignores or refuses when they are sent back
 * (https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups/create-or-update): most of them references from elsewhere: left in, one to a rule that is being removed would lead
 * nowhere. By type below its namespace in lower case, children of a resource's own body under the name of their list.
 */
const READ_ONLY: Readonly<Record<string, readonly string[]>> = {
  networksecuritygroups: ['defaultSecurityRules', 'subnets', 'networkInterfaces', 'flowLogs'],
  'virtualnetworks/subnets': ['ipConfigurations', 'ipConfigurationProfiles', 'privateEndpoints', 'purpose'],
  virtualnetworks: ['flowLogs'],
  networkinterfaces: ['virtualMachine', 'privateEndpoint', 'dscpConfiguration', 'hostedWorkloads'],
  publicipaddresses: ['ipConfiguration'],
  loadbalancers: [],
  'loadbalancers/frontendipconfigurations': IN_USE,
  'loadbalancers/backendaddresspools': [...IN_USE, 'backendIPConfigurations', 'outboundRule'],
  'loadbalancers/inboundnatrules': ['backendIPConfiguration'],
  'loadbalancers/probes': ['loadBalancingRules'],
  routetables: ['subnets'],
  azurefirewalls: ['ipGroups'],
  'firewallpolicies/rulecollectiongroups': ['size'],
  applicationgateways: ['operationalState', 'privateEndpointConnections', 'defaultPredefinedSslPolicy'],
  'applicationgateways/backendaddresspools': ['backendIPConfigurations'],
};

/** The body of a PUT of `json`, a resource of `type` (below its namespace, lower case) as it was read. */
export function writableBody(type: string, json: JsonObject): JsonObject {
  const { etag: _, [SHARED_LINKS]: __, ...rest } = json;
  if (!isObject(rest.properties)) return rest;
  const readOnly = READ_ONLY[type] ?? [];
  const kept = Object.entries(rest.properties).filter(([name]) => !OF_EVERY_TYPE.has(name) && !readOnly.includes(name));
  return { ...rest, properties: Object.fromEntries(kept.map(([name, value]) => [name, inList(type, name, value)])) };
}

function inList(type: string, name: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const list: readonly unknown[] = value;
  return list.map((each) =>
    isObject(each) && isObject(each.properties) ? writableBody(`${type}/${name.toLowerCase()}`, each) : each,
  );
}

/** Whether ARM keeps this property for itself, whatever the resource. */
export function isKeptByArm(name: string): boolean {
  return name === 'etag' || name === SHARED_LINKS || OF_EVERY_TYPE.has(name);
}
