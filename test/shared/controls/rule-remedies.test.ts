import { describe, expect, test } from '@jest/globals';
import { adminPortsOnlyFromBastion } from '../../../shared/controls/admin-ports-only-from-bastion';
import type { Remedy } from '../../../shared/finding';
import { isRuleAction, networkAfter } from '../../../shared/network/action';
import {
  type AddressSet,
  addressDifference,
  addressesOf,
  addressUnion,
  NO_ADDRESS,
  toCidrs,
} from '../../../shared/network/address';
import { endpointsOf } from '../../../shared/network/endpoint';
import { analyse } from '../../../shared/network/exposure';
import type { Network } from '../../../shared/network/network';
import { PLATFORM_ADDRESSES } from '../../../shared/network/service-tag';
import {
  BASTION_PREFIX,
  hubAndSpoke,
  networkOf,
  policyWith,
  type Resource,
  rule,
  type RuleProperties,
  withRule,
} from '../../estate';

const suspect = (properties: RuleProperties): Resource[] =>
  withRule(hubAndSpoke(), 'nsg-app', rule('suspect', 150, { destinationPortRange: '3389', ...properties }));

function remediesOf(estate: readonly Resource[], policy = policyWith()): readonly Remedy[] {
  return adminPortsOnlyFromBastion.check(networkOf(estate), policy).findings[0]?.remedies ?? [];
}

function narrowedTo(estate: readonly Resource[], policy = policyWith()): readonly string[] | undefined {
  const action = remediesOf(estate, policy)[0]?.actions[0];
  return action?.kind === 'narrow-rule-sources' ? action.sources : undefined;
}

function admitted(network: Network, port: number): AddressSet {
  const endpoint = endpointsOf(network).find(({ name }) => name === 'vm-app-1');
  if (!endpoint) throw new Error('vm-app-1 was not judged');
  const admissions = analyse(network).admissions(endpoint, 'tcp', port);
  return admissions.reduce((sources, each) => addressUnion(sources, each.sources), NO_ADDRESS);
}

describe('narrowing a rule', () => {
  test.each<[string, RuleProperties, readonly string[]]>([
    ['drops only the offending prefix', { sourceAddressPrefixes: ['10.0.1.0/27', '203.0.113.0/24'] }, ['10.0.1.0/27']],
    [
      'keeps several good prefixes as they are written',
      { sourceAddressPrefixes: ['10.0.1.8', '10.0.1.16-10.0.1.20', '*'] },
      ['10.0.1.8', '10.0.1.16-10.0.1.20'],
    ],
    ['cuts a prefix that is wider than Bastion’s', { sourceAddressPrefix: '10.0.1.0/24' }, [BASTION_PREFIX]],
    [
      'keeps the platform’s tag beside it',
      { sourceAddressPrefixes: ['AzureLoadBalancer', '203.0.113.0/24'] },
      ['AzureLoadBalancer'],
    ],
  ])('%s', (_, properties, sources) => {
    const narrowed = narrowedTo(suspect(properties));
    const kept = narrowed?.filter((text) => sources.includes(text));
    expect(kept).toEqual(sources);
    expect(narrowed?.some((text) => text.startsWith('203.') || text === '*')).toBe(false);
  });

  test('keeps the text of a tag that lies within what the policy allows', () => {
    const policy = policyWith({ allowedSources: 'virtual-network' });
    const estate = suspect({ sourceAddressPrefixes: ['VirtualNetwork', '203.0.113.0/24'] });
    expect(narrowedTo(estate, policy)).toEqual(['VirtualNetwork']);
    const network = networkOf(estate);
    const [remedy] = remediesOf(estate, policy);
    const after = remedy?.actions.filter(isRuleAction).reduce(networkAfter, network) ?? network;
    expect(adminPortsOnlyFromBastion.check(after, policy).findings).toEqual([]);
  });
});

describe('every remedy', () => {
  test.each<[string, RuleProperties]>([
    ['one port from the Internet', { sourceAddressPrefix: 'Internet' }],
    ['a range of ports from everywhere', { destinationPortRange: '443-4000' }],
    ['one good prefix beside a bad one', { sourceAddressPrefixes: [BASTION_PREFIX, '203.0.113.0/24'] }],
    ['every port and protocol', { destinationPortRange: '*', protocol: '*' }],
  ])('takes exactly the finding’s sources from its port: %s', (_, properties) => {
    const estate = suspect(properties);
    const network = networkOf(estate);
    const { findings } = adminPortsOnlyFromBastion.check(network, policyWith());
    const finding = findings.find((each) => each.remedies.length > 0);
    const named = finding?.evidence.exposures.find(
      ({ endpointName, port }) => endpointName === 'vm-app-1' && port === 3389,
    );
    expect(finding?.remedies.length).toBeGreaterThan(1);
    for (const { title, actions } of finding?.remedies ?? []) {
      const after = actions.filter(isRuleAction).reduce(networkAfter, network);
      const lost = addressDifference(admitted(network, 3389), admitted(after, 3389));
      const beyond = addressDifference(lost, addressUnion(addressesOf(...(named?.sources ?? [])), PLATFORM_ADDRESSES));
      const gained = addressDifference(admitted(after, 3389), admitted(network, 3389));
      const left = addressDifference(addressesOf(...(named?.sources ?? [])), lost);
      expect({ title, beyond: toCidrs(beyond), gained: toCidrs(gained), left: toCidrs(left) }).toEqual({
        title,
        beyond: [],
        gained: [],
        left: [],
      });
    }
  });
});
