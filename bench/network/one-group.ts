/** One security group with many rules and prefixes, all of which speak of RDP: the hardest slice there is. */
import { formatAddress } from '../../shared/network/address';
import type { SecurityGroup } from '../../shared/network/network';
import { readNetwork } from '../../shared/network/read';
import { randomIntegers } from './random';

/** A group of `rules` rules, Allow and Deny by turns of chance, that share `prefixes` source prefixes between them. */
export function groupOf(rules: number, prefixes: number, seed: number): SecurityGroup {
  const random = randomIntegers(seed);
  const securityRules = Array.from({ length: rules }, (_, index) => ({
    name: `rule-${index}`,
    properties: {
      priority: 100 + index,
      direction: 'Inbound',
      access: random(2) === 0 ? 'Allow' : 'Deny',
      protocol: 'Tcp',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRanges: ['3389', '22'],
      sourceAddressPrefixes: Array.from({ length: prefixes / rules }, () => prefix(random)),
    },
  }));
  const { network } = readNetwork([
    { name: 'nsg', type: 'Microsoft.Network/networkSecurityGroups', properties: { securityRules } },
  ]);
  const [group] = network.securityGroups.values();
  if (!group) throw new Error('the group was not read');
  return group;
}

function prefix(random: (below: number) => number): string {
  const length = 12 + random(21);
  return `${formatAddress({ family: 'ipv4', value: random(2 ** 32) })}/${length}`;
}
