// What ARM refuses in a security rule, and what it takes.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Running } from './local-azure';
import { code, group, ruleBody, start } from './local-azure';

let running: Running;
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');

beforeAll(async () => {
  running = await start();
});
afterAll(async () => await running.stop());

const MANY_PORTS = { destinationPortRange: undefined, destinationPortRanges: ['22', '3389'] };
const MANY_SOURCES = { sourceAddressPrefix: undefined, sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'] };
const GROUP_SOURCE = { sourceAddressPrefix: '', sourceApplicationSecurityGroups: [{ id: '/asg' }] };

const REFUSED: readonly [string, Record<string, unknown>, string][] = [
  ['a priority under 100', { priority: 99 }, 'SecurityRuleInvalidPriority'],
  ['a priority over 4096', { priority: 4097 }, 'SecurityRuleInvalidPriority'],
  ['no priority', { priority: undefined }, 'SecurityRuleInvalidPriority'],
  ['a priority that is no number', { priority: 'first' }, 'InvalidRequestFormat'],
  ['a priority taken in its direction', { priority: 200 }, 'SecurityRuleConflict'],
  [
    'singular and plural ports',
    { destinationPortRanges: ['22'] },
    'SecurityRuleParameterContainsBothSingularAndPlural',
  ],
  [
    'singular and plural sources',
    { sourceAddressPrefixes: ['10.0.0.0/8'] },
    'SecurityRuleParameterContainsBothSingularAndPlural',
  ],
  ['no destination port', { destinationPortRange: undefined }, 'SecurityRuleParametersMissing'],
  ['no source port', { sourcePortRange: null }, 'SecurityRuleParametersMissing'],
  ['no source address', { sourceAddressPrefix: undefined }, 'SecurityRuleParametersMissing'],
  ['no destination address', { destinationAddressPrefix: '' }, 'SecurityRuleParametersMissing'],
  ['a port over 65535', { destinationPortRange: '65536' }, 'SecurityRuleInvalidPortRange'],
  ['a port range upside down', { destinationPortRange: '90-80' }, 'SecurityRuleInvalidPortRange'],
  ['ports with a comma', { destinationPortRange: '80,443' }, 'SecurityRuleInvalidPortRange'],
  [
    'every port in the plural',
    { ...MANY_PORTS, destinationPortRanges: ['*'] },
    'SecurityRuleParameterContainsInvalidPortRanges',
  ],
  ['a prefix longer than its address', { sourceAddressPrefix: '10.0.0.0/33' }, 'SecurityRuleInvalidAddressPrefix'],
  ['an address that is none', { sourceAddressPrefix: '10.0.0.256' }, 'SecurityRuleInvalidAddressPrefix'],
  ['addresses with a comma', { sourceAddressPrefix: '10.0.0.1,10.0.0.2' }, 'SecurityRuleInvalidAddressPrefix'],
  [
    'a tag in the plural',
    { ...MANY_SOURCES, sourceAddressPrefixes: ['Internet'] },
    'SecurityRuleParameterContainsUnsupportedValue',
  ],
  ['an unknown protocol', { protocol: 'Sctp' }, 'InvalidRequestFormat'],
  ['an unknown access', { access: 'Maybe' }, 'InvalidRequestFormat'],
  ['an unknown direction', { direction: 'Sideways' }, 'InvalidRequestFormat'],
  ['no protocol', { protocol: undefined }, 'InvalidRequestFormat'],
];

const TAKEN: readonly [string, Record<string, unknown>][] = [
  ['the lowest priority number', { priority: 100 }],
  ['the highest priority number', { priority: 4096 }],
  ['a taken priority in the other direction', { priority: 200, direction: 'Outbound' }],
  ['any casing', { protocol: 'tCP', access: 'ALLOW', direction: 'INBOUND' }],
  ['every protocol', { protocol: '*' }],
  ['several ports and ranges', { ...MANY_PORTS, destinationPortRanges: ['22', '3000-4000'] }],
  ['several sources', MANY_SOURCES],
  ['IPv6', { sourceAddressPrefix: '2001:db8::/32', destinationAddressPrefix: '::/0' }],
  ['a regional service tag', { sourceAddressPrefix: 'Storage.WestEurope' }],
  ['an application security group', GROUP_SOURCE],
];

describe('securityRules', () => {
  test.each(REFUSED)('refuses %s', async (_title, properties, expected) => {
    const answer = await running.send('PUT', `${nsg}/securityRules/tried`, ruleBody(properties));
    expect([answer.status, code(answer)]).toEqual([400, expected]);
    const whole = {
      location: 'westeurope',
      properties: {
        securityRules: [
          { name: 'standing', ...ruleBody({ priority: 200 }) },
          { name: 'tried', ...ruleBody(properties) },
        ],
      },
    };
    const parent = await running.send('PUT', group('rg-app', 'networkSecurityGroups', 'nsg-other'), whole);
    expect([parent.status, code(parent)]).toEqual([400, expected]);
  });

  test.each(TAKEN)('takes %s', async (_title, properties) => {
    const answer = await running.send('PUT', `${nsg}/securityRules/tried`, ruleBody(properties));
    expect([200, 201]).toContain(answer.status);
    expect(answer.body).toMatchObject({
      properties: {
        sourcePortRanges: expect.any(Array),
        destinationPortRanges: expect.any(Array),
        sourceAddressPrefixes: expect.any(Array),
        destinationAddressPrefixes: expect.any(Array),
      },
    });
  });

  test.each(['-starts', 'ends-', 'a'.repeat(81), 'sp%20ace'])('refuses the name %s', async (name) => {
    expect(code(await running.send('PUT', `${nsg}/securityRules/${name}`, ruleBody()))).toBe('InvalidResourceName');
  });

  test('refuses two rules of one name', async () => {
    const securityRules = ['same', 'SAME'].map((name, index) => ({ name, ...ruleBody({ priority: 500 + index }) }));
    const answer = await running.send('PUT', group('rg-app', 'networkSecurityGroups', 'nsg-other'), {
      location: 'westeurope',
      properties: { securityRules },
    });
    expect(answer.status).toBe(400);
  });
});
