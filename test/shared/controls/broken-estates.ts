/** The seed's hub and spoke broken in one way at a time, so that every network control has something to find. */
import { change, hubAndSpoke, type Resource, rule, withPublicIp, withRule, withRules } from '../../estate';
import { having, havingSubnets, idOf, VNET_APP, VNET_DATA } from '../network/addition';
import { balancer, natted, natting } from './forwarders';
import { withHalf } from './peerings';

function named(resource: Resource, name: string): boolean {
  return resource.name === name;
}

function withoutRule(group: string, pattern: RegExp): Resource[] {
  return withRules(hubAndSpoke(), group, (rules) => rules.filter((each) => !pattern.test(String(each.name))));
}

function flipped(network: string, flag: string): Resource[] {
  return change(hubAndSpoke(), network, (properties, resource) => ({
    ...resource,
    properties: {
      ...properties,
      virtualNetworkPeerings: (properties.virtualNetworkPeerings as Resource[]).map((peering) => ({
        ...peering,
        properties: { ...(peering.properties as Resource), [flag]: !(peering.properties as Resource)[flag] },
      })),
    },
  }));
}

const TO_DATA = [VNET_APP, VNET_DATA] as const;
const open = rule('allow-rdp', 150, { sourceAddressPrefix: 'Internet', destinationPortRange: '3389' });
const foreign = rule('allow-ssh', 160, { sourceAddressPrefix: 'Internet', destinationPortRange: '22' });
const watcher = {
  id: `${idOf('rg-hub', 'x').split('/providers')[0]}/providers/Microsoft.EventGrid/systemTopics/changes`,
  type: 'Microsoft.EventGrid/systemTopics',
  properties: {
    source: `/subscriptions/${idOf('rg-hub', 'x').split('/')[2]}`,
    topicType: 'Microsoft.Resources.Subscriptions',
  },
};

export const BROKEN_ESTATES: readonly (readonly [what: string, estate: readonly Resource[]])[] = [
  ['a rule for everybody', withRule(hubAndSpoke(), 'nsg-app', open)],
  ['a deny that is gone', withoutRule('nsg-app', /^Deny/)],
  ['a public IP on a machine', withPublicIp(hubAndSpoke(), 'nic-vm-app-1')],
  ['a NAT rule to SSH', [...natted, balancer(natting(22))]],
  ['a peering between spokes', withHalf(withHalf(hubAndSpoke(), ['vnet-app', TO_DATA[1]]), ['vnet-data', TO_DATA[0]])],
  ['half a peering between spokes', withHalf(hubAndSpoke(), ['vnet-app', VNET_DATA])],
  ['forwarded traffic allowed', flipped('vnet-app', 'allowForwardedTraffic')],
  ['access shut at the hub', flipped('vnet-hub', 'allowVirtualNetworkAccess')],
  ['subnets without a group', havingSubnets(hubAndSpoke(), 'vnet-app', { networkSecurityGroup: undefined })],
  ['Bastion’s rule gone from a machine', withoutRule('nsg-app', /bastion/i)],
  ['a required rule gone from Bastion’s group', withoutRule('nsg-bastion', /^AllowHttpOutBound$/)],
  ['a foreign rule in Bastion’s group', withRule(hubAndSpoke(), 'nsg-bastion', foreign)],
  [
    'a route table on Bastion’s subnet',
    havingSubnets(hubAndSpoke(), 'vnet-hub', { routeTable: { id: idOf('rg-hub', 'routeTables/rt') } }),
  ],
  ['Bastion’s file copy on', having(hubAndSpoke(), 'bas-hub', { enableFileCopy: true, enableIpConnect: true })],
  [
    'a shareable link',
    hubAndSpoke().map((each) =>
      named(each, 'bas-hub')
        ? {
            ...each,
            guardrailSharedLinks: [
              idOf('rg-app', 'x').replace(/Microsoft.Network\/x/, 'Microsoft.Compute/virtualMachines/vm-app-1'),
            ],
          }
        : each,
    ),
  ],
  ['nobody who listens for changes', [...hubAndSpoke(), watcher]],
];
