/** What the tests of reachability add to the seed's hub and spoke: more kinds of resources, and one question about them. */
import { adminPortsOnlyFromBastion } from '../../../shared/controls/admin-ports-only-from-bastion';
import type { Exposure, Finding } from '../../../shared/finding';
import { addressesOf, hasAddress, parseAddress } from '../../../shared/network/address';
import { change, networkOf, policyWith, type Resource, type RuleProperties, SUBSCRIPTION } from '../../estate';

export const VNET_APP = idOf('rg-app', 'virtualNetworks/vnet-app');
export const VNET_HUB = idOf('rg-hub', 'virtualNetworks/vnet-hub');
export const VNET_DATA = idOf('rg-data', 'virtualNetworks/vnet-data');
export const NIC_APP = idOf('rg-app', 'networkInterfaces/nic-vm-app-1/ipConfigurations/ipconfig1');
export const STRANGER = '203.0.113.7';

export function idOf(group: string, path: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Network/${path}`;
}

/** A resource of Microsoft.Network in rg-hub; children by a path such as `networkManagers/m/networkGroups/g`. */
export function added(path: string, properties: RuleProperties, more: Resource = {}): Resource {
  const segments = path.split('/');
  const type = segments.filter((_, index) => index % 2 === 0).join('/');
  return { id: idOf('rg-hub', path), type: `Microsoft.Network/${type}`, name: segments.at(-1), properties, ...more };
}

/** The estate with one property of a resource's `properties` replaced. */
export function having(estate: readonly Resource[], name: string, properties: RuleProperties): Resource[] {
  return change(estate, name, (old, resource) => ({ ...resource, properties: { ...old, ...properties } }));
}

/** The estate with every subnet of a network changed. */
export function havingSubnets(estate: readonly Resource[], network: string, properties: RuleProperties): Resource[] {
  return change(estate, network, (old, resource) => ({
    ...resource,
    properties: {
      ...old,
      subnets: (old.subnets as Resource[]).map((subnet) => ({
        ...subnet,
        properties: { ...(subnet.properties as RuleProperties), ...properties },
      })),
    },
  }));
}

/** The estate with every peering of a network changed. */
export function havingPeerings(estate: readonly Resource[], network: string, properties: RuleProperties): Resource[] {
  return change(estate, network, (old, resource) => ({
    ...resource,
    properties: {
      ...old,
      virtualNetworkPeerings: (old.virtualNetworkPeerings as Resource[]).map((peering) => ({
        ...peering,
        properties: { ...(peering.properties as RuleProperties), ...properties },
      })),
    },
  }));
}

/** The estate with properties added to the one IP configuration of vm-app-1. */
export function havingIpConfiguration(estate: readonly Resource[], properties: RuleProperties): Resource[] {
  return change(estate, 'nic-vm-app-1', (old, resource) => ({
    ...resource,
    properties: {
      ...old,
      ipConfigurations: (old.ipConfigurations as Resource[]).map((ip) => ({
        ...ip,
        properties: { ...(ip.properties as RuleProperties), ...properties },
      })),
    },
  }));
}

export function check(estate: readonly Resource[], policy = policyWith()): readonly Finding[] {
  return adminPortsOnlyFromBastion.check(networkOf(estate), policy).findings;
}

/** The exposures of one port of one machine, or of whatever the name says. */
export function exposuresOf(findings: readonly Finding[], port: number, name = 'vm-app-1'): Exposure[] {
  return findings
    .flatMap((finding) => finding.evidence.exposures)
    .filter((exposure) => exposure.endpointName === name && exposure.port === port);
}

/** Whether `source` is named as let through to the port. */
export function isNamed(findings: readonly Finding[], source: string, port: number, name?: string): boolean {
  return exposuresOf(findings, port, name).some((exposure) => holds(exposure.sources, source));
}

/** Whether an open door leads from `source` to the port. */
export function isReached(findings: readonly Finding[], source: string, port: number, name?: string): boolean {
  return exposuresOf(findings, port, name).some((exposure) => holds(exposure.reachable, source));
}

export function holds(prefixes: readonly string[], source: string): boolean {
  const address = parseAddress(source);
  return address !== undefined && hasAddress(addressesOf(...prefixes), address);
}
