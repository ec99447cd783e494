import { describe, expect, test } from '@jest/globals';
import { decide } from '../../playground/stories/packet';
import { ruleDifference, withRule } from '../../playground/stories/rules';

const virtualNetwork = ['10.0.0.0/16', '10.1.0.0/16'];
const ssh = { destination: '10.1.0.4', port: 22 };

function rule(name: string, priority: number, access: string, properties: object): object {
  return {
    name,
    properties: {
      priority,
      access,
      direction: 'Inbound',
      protocol: 'Tcp',
      destinationAddressPrefix: '*',
      destinationPortRange: '22',
      sourceAddressPrefixes: [],
      destinationPortRanges: [],
      ...properties,
    },
  };
}

function group(...securityRules: object[]): object {
  const deny = rule('DenyAllInBound', 65_500, 'Deny', {
    protocol: '*',
    sourceAddressPrefix: '*',
    destinationPortRange: '*',
  });
  return { properties: { securityRules, defaultSecurityRules: [deny] } };
}

describe('playground/stories/packet', () => {
  test.each<[string, object, string, boolean]>([
    ['the Internet tag, from outside', { sourceAddressPrefix: 'Internet' }, '203.0.113.7', true],
    ['the Internet tag, from inside', { sourceAddressPrefix: 'INTERNET' }, '10.1.0.5', false],
    ['VirtualNetwork, from the peer', { sourceAddressPrefix: 'VirtualNetwork' }, '10.0.1.4', true],
    ['VirtualNetwork, from a network that is not peered', { sourceAddressPrefix: 'VirtualNetwork' }, '10.2.0.4', false],
    ['the lower half', { sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'] }, '5.6.7.8', true],
    ['the upper half', { sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'] }, '203.0.113.7', true],
    ['one address', { sourceAddressPrefix: '198.51.100.7' }, '198.51.100.8', false],
    ['an IPv6 prefix', { sourceAddressPrefix: '::/0' }, '203.0.113.7', false],
    ['a range of ports', { sourceAddressPrefix: '*', destinationPortRange: '20-30' }, '203.0.113.7', true],
    ['another port', { sourceAddressPrefix: '*', destinationPortRange: '443' }, '203.0.113.7', false],
    ['UDP only', { sourceAddressPrefix: '*', protocol: 'Udp' }, '203.0.113.7', false],
    ['outbound only', { sourceAddressPrefix: '*', direction: 'Outbound' }, '203.0.113.7', false],
  ])('an Allow for %s', (_, properties, source, allowed) => {
    const verdict = decide(group(rule('allow', 200, 'Allow', properties)), { ...ssh, source }, virtualNetwork);
    expect(verdict).toEqual({ allowed, rule: allowed ? 'allow' : 'DenyAllInBound' });
  });

  test('the lowest priority decides, whatever the order of the list', () => {
    const rules = group(
      rule('allow', 200, 'Allow', { sourceAddressPrefix: '*' }),
      rule('decoy', 110, 'deny', { sourceAddressPrefix: '198.51.100.7' }),
    );
    expect(decide(rules, { ...ssh, source: '198.51.100.7' }, virtualNetwork).rule).toBe('decoy');
    expect(decide(rules, { ...ssh, source: '198.51.100.8' }, virtualNetwork).rule).toBe('allow');
  });

  test('the difference of two groups shows what a rule was and is, and nothing else', () => {
    const before = withRule(group(), rule('same', 300, 'Deny', { sourceAddressPrefix: '*' }));
    const wide = withRule(before, rule('ssh', 200, 'Allow', { sourceAddressPrefix: '*' }));
    const narrow = withRule(before, rule('ssh', 200, 'Allow', { sourceAddressPrefix: '10.0.1.0/26' }));
    expect(ruleDifference(wide, narrow)).toEqual([
      '- ssh: 200 Inbound Allow Tcp * -> *:22',
      '+ ssh: 200 Inbound Allow Tcp 10.0.1.0/26 -> *:22',
    ]);
    expect(ruleDifference(before, wide)).toEqual(['+ ssh: 200 Inbound Allow Tcp * -> *:22']);
  });
});
