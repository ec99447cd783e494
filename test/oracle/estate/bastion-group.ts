// The security group that Azure demands on AzureBastionSubnet, as its documentation lists the rules, in both directions.
import type { SecurityGroupResource } from '../arm';
import type { RuleSketch } from '../sketch';
import { wrapGroup } from './arm-group';
import { sketch, writeRule } from '../sketch';

export const bastionGroupName = 'nsg-bastion';

type DocumentedRule = readonly [name: string, from: string, to: string, ports: readonly string[]];

/** https://learn.microsoft.com/azure/bastion/bastion-nsg */
const inbound: DocumentedRule[] = [
  ['AllowHttpsInbound', 'Internet', '*', ['443']],
  ['AllowGatewayManagerInbound', 'GatewayManager', '*', ['443']],
  ['AllowAzureLoadBalancerInbound', 'AzureLoadBalancer', '*', ['443']],
  ['AllowBastionHostCommunicationInbound', 'VirtualNetwork', 'VirtualNetwork', ['8080', '5701']],
];

const outbound: DocumentedRule[] = [
  ['AllowSshRdpOutbound', '*', 'VirtualNetwork', ['22', '3389']],
  ['AllowBastionHostCommunicationOutbound', 'VirtualNetwork', 'VirtualNetwork', ['8080', '5701']],
  ['AllowAzureCloudOutbound', '*', 'AzureCloud', ['443']],
  ['AllowHttpOutbound', '*', 'Internet', ['80']],
];

export function bastionGroup(): SecurityGroupResource {
  const group = wrapGroup(bastionGroupName, []);
  const write =
    (direction: RuleSketch['direction']) =>
    ([name, from, to, ports]: DocumentedRule, at: number) => {
      const rule = sketch({ direction, from: { prefixes: [from] }, to: { prefixes: [to] }, ports });
      return writeRule(group.id, name, 120 + 10 * at, rule);
    };
  const securityRules = [...inbound.map(write('Inbound')), ...outbound.map(write('Outbound'))];
  return { ...group, properties: { ...group.properties, securityRules } };
}
