/** The seed's hub and spoke as ARM JSON, and small edits to it, for tests of the core. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_IDS } from '../shared/controls';
import type { Network } from '../shared/network/network';
import { readNetwork } from '../shared/network/read';
import { type AccessPolicy, readPolicy } from '../shared/policy/policy';

export type Resource = { readonly [key: string]: unknown };
export type RuleProperties = { readonly [key: string]: unknown };

export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
export const BASTION_HOST = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub`;
export const BASTION_PREFIX = '10.0.1.0/26';

const HUB_AND_SPOKE = JSON.parse(
  readFileSync(join(__dirname, '../playground/estates/hub-and-spoke.json'), 'utf8'),
) as Resource[];

export function hubAndSpoke(): Resource[] {
  return structuredClone(HUB_AND_SPOKE);
}

/** A rule in ARM's shape: inbound TCP Allow from anywhere to anywhere on no port, unless said otherwise. */
export function rule(name: string, priority: number, properties: RuleProperties): Resource {
  const defaults = {
    access: 'Allow',
    direction: 'Inbound',
    protocol: 'Tcp',
    ...('sourceAddressPrefixes' in properties || 'sourceApplicationSecurityGroups' in properties
      ? {}
      : { sourceAddressPrefix: '*' }),
    ...('destinationAddressPrefixes' in properties || 'destinationApplicationSecurityGroups' in properties
      ? {}
      : { destinationAddressPrefix: '*' }),
    ...('sourcePortRanges' in properties ? {} : { sourcePortRange: '*' }),
  };
  return { name, properties: { ...defaults, priority, ...properties } };
}

/** The estate with one resource changed by name. */
export function change(
  estate: readonly Resource[],
  name: string,
  edit: (properties: RuleProperties, resource: Resource) => Resource,
): Resource[] {
  if (!estate.some((resource) => resource.name === name)) throw new RangeError(`there is no ${name} in the estate`);
  return estate.map((resource) =>
    resource.name === name ? edit(resource.properties as RuleProperties, resource) : resource,
  );
}

/** The estate with the group's own rules replaced by what `edit` makes of them. */
export function withRules(
  estate: readonly Resource[],
  group: string,
  edit: (rules: readonly Resource[]) => readonly Resource[],
): Resource[] {
  return change(estate, group, (properties, resource) => ({
    ...resource,
    properties: { ...properties, securityRules: edit(properties.securityRules as Resource[]) },
  }));
}

/** The estate with rules added to a group. */
export function withRule(estate: readonly Resource[], group: string, ...added: readonly Resource[]): Resource[] {
  return withRules(estate, group, (rules) => [...rules, ...added]);
}

/** The estate with pip-spare attached to an interface. */
export function withPublicIp(estate: readonly Resource[], nic: string): Resource[] {
  const pip = estate.find((resource) => resource.name === 'pip-spare');
  return change(estate, nic, (properties, resource) => ({
    ...resource,
    properties: {
      ...properties,
      ipConfigurations: (properties.ipConfigurations as Resource[]).map((ip) => ({
        ...ip,
        properties: { ...(ip.properties as RuleProperties), publicIPAddress: { id: pip?.id } },
      })),
    },
  }));
}

export function networkOf(estate: readonly Resource[]): Network {
  return readNetwork(estate).network;
}

/** A policy that pins the estate's Bastion host and repairs; `extra` is merged into it. */
export function policyWith(extra: Readonly<Record<string, unknown>> = {}): AccessPolicy {
  const data = {
    version: 1,
    bastionHosts: [BASTION_HOST],
    controls: { 'admin-ports-only-from-bastion': 'remediate' },
    ...extra,
  };
  const result = readPolicy(data, CONTROL_IDS);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}
