// The small hub and spoke that the hand-computed cases stand on: two peered networks, one stranger, and a place for rules under test.
import type { ArmResource, PeeringResource, SecurityGroupResource, SecurityRuleResource } from './arm';

const resourceGroup = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-net/providers';
export const network = `${resourceGroup}/Microsoft.Network`;

export const spokeId = `${network}/virtualNetworks/vnet-spoke`;
export const spokeSubnet = `${network}/virtualNetworks/vnet-spoke/subnets/snet-app`;
/** 10.1.0.4 and fd00:1::4, member of asg-web. */
export const webServer = `${network}/networkInterfaces/nic-web/ipConfigurations/ipconfig1`;
export const webServerV6 = `${network}/networkInterfaces/nic-web/ipConfigurations/ipconfig-v6`;
/** 10.1.0.5, member of asg-database. */
export const database = `${network}/networkInterfaces/nic-database/ipConfigurations/ipconfig1`;
export const hubId = `${network}/virtualNetworks/vnet-hub`;

export interface SmallEstate {
  /** The rules on the subnet; left out: the subnet has no group. */
  readonly subnetRules?: readonly SecurityRuleResource[];
  /** The rules on the web server's interface; left out: the interface has no group. */
  readonly interfaceRules?: readonly SecurityRuleResource[];
  /** The spoke's peering to the hub (10.0.0.0/16); Connected unless said otherwise; null: none. */
  readonly peering?: Partial<PeeringResource['properties']> | null;
  readonly hubIsKnown?: boolean;
}

/** A spoke 10.1.0.0/16 + fd00:1::/48 peered with a hub 10.0.0.0/16; a third network 10.9.0.0/16 is peered with the hub only. */
export function smallEstate({ subnetRules, interfaceRules, peering, hubIsKnown = true }: SmallEstate): ArmResource[] {
  const subnetGroup = subnetRules && securityGroup('nsg-subnet', subnetRules);
  const interfaceGroup = interfaceRules && securityGroup('nsg-nic', interfaceRules);
  const spoke = {
    ...resource('virtualNetworks', 'vnet-spoke'),
    properties: {
      addressSpace: { addressPrefixes: ['10.1.0.0/16', 'fd00:1::/48'] },
      subnets: [
        {
          id: spokeSubnet,
          name: 'snet-app',
          properties: {
            addressPrefixes: ['10.1.0.0/24', 'fd00:1::/64'],
            ...(subnetGroup && { networkSecurityGroup: { id: subnetGroup.id.toUpperCase() } }),
          },
        },
      ],
      virtualNetworkPeerings: peering === null ? [] : [peeringTo('vnet-spoke', hubId, peering)],
    },
  };
  const hub = {
    ...resource('virtualNetworks', 'vnet-hub'),
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      virtualNetworkPeerings: [peeringTo('vnet-hub', `${network}/virtualNetworks/vnet-stranger`)],
    },
  };
  const stranger = {
    ...resource('virtualNetworks', 'vnet-stranger'),
    properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } },
  };
  return [
    ...(subnetGroup ? [subnetGroup] : []),
    ...(interfaceGroup ? [interfaceGroup] : []),
    spoke,
    ...(hubIsKnown ? [hub] : []),
    stranger,
    networkInterface(
      'nic-web',
      { ipconfig1: '10.1.0.4', 'ipconfig-v6': 'fd00:1::4' },
      groupId('asg-web'),
      interfaceGroup?.id,
    ),
    networkInterface('nic-database', { ipconfig1: '10.1.0.5' }, groupId('asg-database'), undefined),
  ];
}

export function groupId(name: string): string {
  return `${network}/applicationSecurityGroups/${name}`;
}

/** A group with these rules; without default rules, as a template leaves it, or with the given ones. */
export function securityGroup(
  name: string,
  securityRules: readonly SecurityRuleResource[],
  defaultSecurityRules?: readonly SecurityRuleResource[],
): SecurityGroupResource {
  return { ...resource('networkSecurityGroups', name), properties: { securityRules, defaultSecurityRules } };
}

function resource(kind: string, name: string): { id: string; name: string; type: string } {
  return { id: `${network}/${kind}/${name}`, name, type: `Microsoft.Network/${kind}` };
}

function peeringTo(from: string, to: string, given: Partial<PeeringResource['properties']> = {}): PeeringResource {
  const name = 'peer-1';
  return {
    id: `${network}/virtualNetworks/${from}/virtualNetworkPeerings/${name}`,
    name,
    properties: { peeringState: 'Connected', remoteVirtualNetwork: { id: to }, ...given },
  };
}

function networkInterface(
  name: string,
  addresses: Readonly<Record<string, string>>,
  group: string,
  securityGroupId: string | undefined,
): ArmResource {
  const base = resource('networkInterfaces', name);
  const ipConfigurations = Object.entries(addresses).map(([configuration, address]) => ({
    id: `${base.id}/ipConfigurations/${configuration}`,
    name: configuration,
    properties: {
      privateIPAddress: address,
      subnet: { id: spokeSubnet },
      applicationSecurityGroups: [{ id: group.toLowerCase() }],
    },
  }));
  return {
    ...base,
    properties: {
      ...(securityGroupId !== undefined && { networkSecurityGroup: { id: securityGroupId } }),
      ipConfigurations,
    },
  };
}
