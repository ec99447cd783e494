/** The seed estate grown to many virtual networks and interfaces, each network a spoke of the same hub. */
import { readEstate } from '../../playground/estate-file';
import { isObject, listAt, textAt } from '../../playground/json';
import { ruleLines, withProperties } from '../../playground/stories/rules';
import { nsgApp, subscription } from '../../playground/stories/scene';

const hubId = `/subscriptions/${subscription}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub`;

/** ARM resources: 200 virtual networks and 2,000 interfaces, the seed's own among them. */
export function bigEstate(): unknown[] {
  const seed = readEstate('hub-and-spoke');
  const count = (type: string): number =>
    seed.filter((resource) => textAt(resource, 'type') === `Microsoft.Network/${type}`).length;
  return spokesEstate(200 - count('virtualNetworks'), 2000 - count('networkInterfaces'));
}

/** ARM resources: the seed and so many spokes more, with so many machines among them. Room is for 250 spokes. */
export function spokesEstate(spokes: number, machines: number): unknown[] {
  const seed = readEstate('hub-and-spoke').filter(isObject);
  const numbers = Array.from({ length: spokes }, (_, index) => index + 1);
  const group = seed.find((resource) => resource['id'] === nsgApp);
  return [
    ...seed.map((resource) => (resource['id'] === hubId ? withPeerings(resource, numbers) : resource)),
    ...numbers.flatMap((spoke) => {
      const own = Math.floor(machines / spokes) + (spoke <= machines % spokes ? 1 : 0);
      return [network(spoke), securityGroup(spoke, group), ...machinesOf(spoke, own)];
    }),
  ];
}

/** The group of spoke number `spoke`, counted from 1. */
export function spokeGroup(spoke: number): string {
  return idOf(spoke, 'networkSecurityGroups', `nsg-spoke-${spoke}`);
}

function idOf(spoke: number, type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-spoke-${spoke}/providers/Microsoft.Network/${type}/${name}`;
}

/** 10.0 to 10.2 are the seed's. */
function prefixOf(spoke: number, rest: string): string {
  return `10.${spoke + 2}.${rest}`;
}

function network(spoke: number): object {
  const subnet = {
    name: 'snet-vm',
    properties: {
      addressPrefix: prefixOf(spoke, '0.0/24'),
      networkSecurityGroup: { id: spokeGroup(spoke) },
    },
  };
  return {
    id: idOf(spoke, 'virtualNetworks', `vnet-spoke-${spoke}`),
    name: `vnet-spoke-${spoke}`,
    type: 'Microsoft.Network/virtualNetworks',
    location: 'westeurope',
    properties: {
      addressSpace: { addressPrefixes: [prefixOf(spoke, '0.0/16')] },
      subnets: [subnet],
      virtualNetworkPeerings: [peering('to-hub', hubId, '10.0.0.0/16')],
    },
  };
}

/** The rules of the seed's own group, in the group of every spoke. */
function securityGroup(spoke: number, seed: unknown): object {
  if (ruleLines(seed).size === 0) throw new Error('the seed estate has no nsg-app with rules');
  const securityRules = listAt(seed, 'properties', 'securityRules')
    .filter(isObject)
    .map(({ name, properties }) => ({ name, properties }));
  return {
    id: spokeGroup(spoke),
    name: `nsg-spoke-${spoke}`,
    type: 'Microsoft.Network/networkSecurityGroups',
    location: 'westeurope',
    properties: { securityRules },
  };
}

function machinesOf(spoke: number, count: number): object[] {
  return Array.from({ length: count }, (_, machine) => ({
    id: idOf(spoke, 'networkInterfaces', `nic-${spoke}-${machine}`),
    name: `nic-${spoke}-${machine}`,
    type: 'Microsoft.Network/networkInterfaces',
    location: 'westeurope',
    properties: {
      ipConfigurations: [
        {
          name: 'ipconfig1',
          properties: {
            primary: true,
            privateIPAddress: prefixOf(spoke, `0.${4 + machine}`),
            privateIPAllocationMethod: 'Static',
            privateIPAddressVersion: 'IPv4',
            subnet: { id: `${idOf(spoke, 'virtualNetworks', `vnet-spoke-${spoke}`)}/subnets/snet-vm` },
          },
        },
      ],
    },
  }));
}

function withPeerings(hub: unknown, spokes: readonly number[]): object {
  const added = spokes.map((spoke) =>
    peering(`hub-to-spoke-${spoke}`, idOf(spoke, 'virtualNetworks', `vnet-spoke-${spoke}`), prefixOf(spoke, '0.0/16')),
  );
  return withProperties(hub, {
    virtualNetworkPeerings: [...listAt(hub, 'properties', 'virtualNetworkPeerings'), ...added],
  });
}

function peering(name: string, remote: string, prefix: string): object {
  return {
    name,
    properties: {
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      remoteVirtualNetwork: { id: remote },
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      remoteAddressSpace: { addressPrefixes: [prefix] },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: [prefix] },
    },
  };
}
