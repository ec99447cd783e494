// A security admin rule on one line: "Deny 1 from AzureCloud port 22 outbound".
import type { AdminAddress, AdminRuleResource } from './arm-manager';
import { parseRange } from './address';

/** The access, the priority, then `from A,B`, `port A,B` and the bare word `outbound`. What is left out is anything. */
export function adminRuleFrom(text: string, id: string): AdminRuleResource {
  const [access = '', priority = '', ...words] = text.split(' ');
  const after = (word: string): string[] | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1]?.split(',') : undefined;
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules',
    kind: 'Custom',
    properties: {
      access,
      direction: words.includes('outbound') ? 'Outbound' : 'Inbound',
      priority: Number(priority),
      protocol: 'Any',
      sources: (after('from') ?? ['*']).map(address),
      destinations: [address('*')],
      sourcePortRanges: ['0-65535'],
      destinationPortRanges: after('port') ?? ['0-65535'],
    },
  };
}

function address(addressPrefix: string): AdminAddress {
  const isPrefix = addressPrefix === '*' || parseRange(addressPrefix) !== undefined;
  return { addressPrefixType: isPrefix ? 'IPPrefix' : 'ServiceTag', addressPrefix };
}
