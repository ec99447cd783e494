// IP groups, firewall policies with their rule collection groups, and a firewall with rules of its own.
import { drain, live, liveBelow } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

export async function driveFirewalls(stage: Stage): Promise<void> {
  const { ipGroups, azureFirewalls } = stage.client;
  await live(stage, ipGroups, [GROUP, 'ipg-con'], { location: LOCATION, ipAddresses: ['10.60.0.0/24', '10.60.4.4'] });
  await ipGroups.updateGroups(GROUP, 'ipg-con', { tags: { owner: 'conformance' } });
  await drain(ipGroups.listByResourceGroup(GROUP), ipGroups.list());
  await drivePolicies(stage);

  await live(stage, azureFirewalls, [GROUP, 'fw-con'], {
    location: LOCATION,
    sku: { name: 'AZFW_VNet', tier: 'Standard' },
    threatIntelMode: 'Alert',
    ipConfigurations: [
      {
        name: 'ipconfig',
        subnet: { id: idOf('virtualNetworks', 'vnet-near/subnets/AzureFirewallSubnet') },
        publicIPAddress: { id: idOf('publicIPAddresses', 'pip-firewall') },
      },
    ],
    natRuleCollections: [
      {
        name: 'dnat',
        priority: 100,
        action: { type: 'Dnat' },
        rules: [
          {
            name: 'https',
            protocols: ['TCP'],
            sourceAddresses: ['*'],
            destinationAddresses: ['198.51.100.20'],
            destinationPorts: ['443'],
            translatedAddress: '10.60.0.10',
            translatedPort: '443',
          },
        ],
      },
    ],
    networkRuleCollections: [],
    applicationRuleCollections: [],
  });
  await azureFirewalls.updateTags(GROUP, 'fw-con', { tags: { owner: 'conformance' } });
  await drain(azureFirewalls.list(GROUP), azureFirewalls.listAll());
}

async function drivePolicies(stage: Stage): Promise<void> {
  const { firewallPolicies, firewallPolicyRuleCollectionGroups } = stage.client;
  await live(stage, firewallPolicies, [GROUP, 'fwp-con'], {
    location: LOCATION,
    sku: { tier: 'Standard' },
    threatIntelMode: 'Alert',
    dnsSettings: { servers: ['10.60.0.4'], enableProxy: true },
  });
  await liveBelow(stage, firewallPolicyRuleCollectionGroups, [GROUP, 'fwp-con', 'rcg-con'], {
    priority: 200,
    ruleCollections: [
      {
        ruleCollectionType: 'FirewallPolicyNatRuleCollection',
        name: 'dnat',
        priority: 100,
        action: { type: 'DNAT' },
        rules: [
          {
            ruleType: 'NatRule',
            name: 'https',
            ipProtocols: ['TCP'],
            sourceAddresses: ['*'],
            destinationAddresses: ['198.51.100.20'],
            destinationPorts: ['443'],
            translatedAddress: '10.60.0.10',
            translatedPort: '443',
          },
        ],
      },
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
        name: 'allow-dns',
        priority: 200,
        action: { type: 'Allow' },
        rules: [
          {
            ruleType: 'NetworkRule',
            name: 'dns',
            ipProtocols: ['UDP'],
            sourceIpGroups: [idOf('ipGroups', 'ipg-con')],
            destinationAddresses: ['10.60.0.4'],
            destinationPorts: ['53'],
          },
        ],
      },
    ],
  });
  await firewallPolicies.updateTags(GROUP, 'fwp-con', { tags: { owner: 'conformance' } });
  await drain(
    firewallPolicies.list(GROUP),
    firewallPolicies.listAll(),
    firewallPolicyRuleCollectionGroups.list(GROUP, 'fwp-con'),
  );
  await firewallPolicies.get(GROUP, 'fwp-con');
}
