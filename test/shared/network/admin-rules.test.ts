import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../shared/network/explain';
import { readNetwork } from '../../../shared/network/read';
import { hubAndSpoke, networkOf, type Resource, rule, type RuleProperties, withPublicIp, withRule } from '../../estate';
import { added, check, havingSubnets, idOf, isNamed, STRANGER, VNET_APP } from './addition';

const MANAGER = 'networkManagers/avnm';
const COLLECTION = `${MANAGER}/securityAdminConfigurations/baseline/ruleCollections/all`;
const GROUP = `${MANAGER}/networkGroups/spokes`;

const anywhere = [{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }];
const azureCloud = { addressPrefixType: 'ServiceTag', addressPrefix: 'AzureCloud' };
const NEIGHBOURS = '203.0.113.128/25';
const internet = [{ addressPrefixType: 'ServiceTag', addressPrefix: 'Internet' }];

function adminRule(name: string, priority: number, access: string, properties: RuleProperties = {}): Resource {
  const rest = {
    direction: 'Inbound',
    protocol: 'Tcp',
    sources: internet,
    destinations: anywhere,
    sourcePortRanges: ['0-65535'],
    destinationPortRanges: ['3389'],
    ...properties,
  };
  return added(`${COLLECTION}/rules/${name}`, { access, priority, ...rest }, { kind: 'Custom' });
}

function managed(...rules: readonly Resource[]): Resource[] {
  return [
    added(MANAGER, { networkManagerScopes: { subscriptions: [] } }),
    added(GROUP, {}),
    added(`${GROUP}/staticMembers/app`, { resourceId: VNET_APP.toUpperCase() }),
    added(`${MANAGER}/securityAdminConfigurations/baseline`, {}),
    added(COLLECTION, { appliesToGroups: [{ networkGroupId: idOf('rg-hub', GROUP) }] }),
    ...rules,
  ];
}

const open = rule('suspect', 150, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' });
const opened = withRule(hubAndSpoke(), 'nsg-app', open);

function decided(estate: readonly Resource[], from = STRANGER): unknown {
  const answer = explain(networkOf(estate), { from, to: 'vm-app-1', port: 3389, protocol: 'tcp' });
  return answer.ok && [answer.verdict, ...answer.decisions.map(({ layer, rule: name }) => `${layer} ${name}`)];
}

describe('security admin rules', () => {
  test.each<[string, Resource[]]>([
    ['a Deny above a group that allows', [adminRule('no-rdp', 10, 'Deny')]],
    ['a Deny in any casing', [adminRule('no-rdp', 10, 'DENY', { direction: 'inbound', protocol: 'TCP' })]],
    [
      'a Deny without ports or addresses: any',
      [adminRule('none', 10, 'Deny', { sources: [], destinationPortRanges: [] })],
    ],
    ['a Deny before an AlwaysAllow', [adminRule('no', 1, 'Deny'), adminRule('yes', 2, 'AlwaysAllow')]],
  ])('%s ends it', (_, rules) => {
    const estate = [...opened, ...managed(...rules)];
    expect(isNamed(check(estate), STRANGER, 3389)).toBe(false);
    expect(decided(estate)).toEqual(['deny', expect.stringMatching(/^admin /)]);
  });

  test('an Allow lets on to the groups, which may still deny', () => {
    const estate = managed(adminRule('maybe', 10, 'Allow'));
    expect(isNamed(check([...opened, ...estate]), STRANGER, 3389)).toBe(true);
    expect(decided([...opened, ...estate])).toEqual(['allow', 'admin maybe', 'subnet suspect', 'interface null']);
    expect(decided([...hubAndSpoke(), ...estate])).toEqual(['deny', 'admin maybe', 'subnet DenyAllInBound']);
  });

  test('an AlwaysAllow passes every group and is itself the cause, with nothing a group’s rule could repair', () => {
    const estate = [...hubAndSpoke(), ...managed(adminRule('helpdesk', 10, 'AlwaysAllow'))];
    const findings = check(estate);
    expect(isNamed(findings, STRANGER, 3389)).toBe(true);
    expect(findings[0]).toMatchObject({ resource: expect.stringMatching(/baseline$/), remedies: [] });
    expect(findings[0]?.evidence.exposures[0]?.decidedBy).toEqual([
      {
        layer: 'admin',
        securityGroup: idOf('rg-hub', `${MANAGER}/securityAdminConfigurations/baseline`),
        rule: 'helpdesk',
        priority: 10,
      },
    ]);
    expect(decided(estate)).toEqual(['allow', 'admin helpdesk']);
    expect(check(withPublicIp(estate, 'nic-vm-app-1'))[0]?.severity).toBe('critical');
  });

  test.each<[string, RuleProperties[], boolean]>([
    ['alone', [azureCloud], true],
    [
      'beside a prefix with others in it',
      [azureCloud, { addressPrefixType: 'IPPrefix', addressPrefix: NEIGHBOURS }],
      true,
    ],
    [
      'beside a prefix that holds the source',
      [azureCloud, { addressPrefixType: 'IPPrefix', addressPrefix: '203.0.113.0/28' }],
      false,
    ],
  ])(
    'an Allow of an unknown tag %s leaves an AlwaysAllow after it its say where it may not match',
    (_, sources, isThrough) => {
      const estate = [
        ...hubAndSpoke(),
        ...managed(adminRule('perhaps', 10, 'Allow', { sources }), adminRule('helpdesk', 20, 'AlwaysAllow')),
      ];
      expect(isNamed(check(estate), STRANGER, 3389)).toBe(isThrough);
      expect(decided(estate)).toEqual(
        isThrough ? ['allow', 'admin helpdesk'] : ['deny', 'admin perhaps', 'subnet DenyAllInBound'],
      );
    },
  );

  test.each<[string, boolean]>([
    ['10.1.0.0/26', false],
    ['10.1.0.64/26', true],
  ])('an Allow to an unknown tag and %s surely matches at those addresses only', (addressPrefix, isThrough) => {
    const destinations = [azureCloud, { addressPrefixType: 'IPPrefix', addressPrefix }];
    const rules = [adminRule('perhaps', 10, 'Allow', { destinations }), adminRule('helpdesk', 20, 'AlwaysAllow')];
    const estate = [...hubAndSpoke(), ...managed(...rules)];
    expect(isNamed(check(estate), STRANGER, 3389)).toBe(isThrough);
    expect(decided(estate)).toContain(isThrough ? 'admin helpdesk' : 'subnet DenyAllInBound');
  });

  test('what an Allow surely matches besides an unknown tag depends on what VirtualNetwork holds', () => {
    const sources = [azureCloud, { addressPrefixType: 'ServiceTag', addressPrefix: 'Internet' }];
    const rules = [
      adminRule('perhaps', 10, 'Allow', { sources }),
      adminRule('helpdesk', 20, 'AlwaysAllow', { sources: anywhere }),
    ];
    const estate = [...hubAndSpoke(), ...managed(...rules)];
    expect(isNamed(check(estate), STRANGER, 3389)).toBe(false);
    const routes = [{ name: 'r', properties: { addressPrefix: '203.0.113.0/24', nextHopType: 'VnetLocal' } }];
    const routed = [
      ...havingSubnets(estate, 'vnet-app', { routeTable: { id: idOf('rg-hub', 'routeTables/rt') } }),
      added('routeTables/rt', { routes }),
    ];
    expect(isNamed(check(routed), STRANGER, 3389)).toBe(true);
    expect(decided(routed)).toEqual(['allow', 'admin helpdesk']);
  });

  test('an Allow of an unknown tag does not go past the Deny after it, unless the groups allow', () => {
    const rules = [
      adminRule('perhaps', 10, 'Allow', { sources: [azureCloud] }),
      adminRule('no', 20, 'Deny'),
      adminRule('helpdesk', 30, 'AlwaysAllow'),
    ];
    expect(isNamed(check([...hubAndSpoke(), ...managed(...rules)]), STRANGER, 3389)).toBe(false);
    expect(isNamed(check([...opened, ...managed(...rules)]), STRANGER, 3389)).toBe(true);
    expect(decided([...opened, ...managed(...rules)])).toEqual([
      'allow',
      'admin perhaps',
      'subnet suspect',
      'interface null',
    ]);
  });

  test('they speak only of their own sources, ports and networks', () => {
    const narrow = [{ addressPrefixType: 'IPPrefix', addressPrefix: '203.0.113.0/25' }];
    const findings = check([...opened, ...managed(adminRule('no-rdp', 10, 'Deny', { sources: narrow }))]);
    expect(isNamed(findings, STRANGER, 3389)).toBe(false);
    expect(isNamed(findings, '203.0.113.200', 3389)).toBe(true);
    const ssh = managed(adminRule('no-ssh', 10, 'Deny', { destinationPortRanges: ['22'] }));
    expect(isNamed(check([...opened, ...ssh]), STRANGER, 3389)).toBe(true);
    const elsewhere = withRule(hubAndSpoke(), 'nsg-data', open);
    const findingsElsewhere = check([...elsewhere, ...managed(adminRule('no-rdp', 10, 'Deny'))]);
    expect(isNamed(findingsElsewhere, STRANGER, 3389, 'vm-data-1')).toBe(true);
  });

  test('equal priorities of two collections are read openly, whatever their order', () => {
    const other = `${MANAGER}/securityAdminConfigurations/baseline/ruleCollections/more`;
    const estate = [
      ...hubAndSpoke(),
      ...managed(adminRule('no', 10, 'Deny')),
      added(other, { appliesToGroups: [{ networkGroupId: idOf('rg-hub', GROUP) }] }),
      { ...adminRule('yes', 10, 'AlwaysAllow'), id: idOf('rg-hub', `${other}/rules/yes`) },
    ];
    expect(isNamed(check(estate), STRANGER, 3389)).toBe(true);
    expect(check(estate.toReversed())).toEqual(check(estate));
  });

  test('do not apply where a service keeps a network intent policy, unless the configuration says so', () => {
    const estate = havingSubnets(opened, 'vnet-app', {});
    const sql = {
      id: `${VNET_APP}/subnets/snet-sql`,
      name: 'snet-sql',
      type: 'Microsoft.Network/virtualNetworks/subnets',
      properties: {
        addressPrefix: '10.1.8.0/24',
        delegations: [{ properties: { serviceName: 'Microsoft.Sql/managedInstances' } }],
      },
    };
    const findings = check([...estate, sql, ...managed(adminRule('no-rdp', 10, 'Deny'))]);
    expect(isNamed(findings, STRANGER, 3389)).toBe(true);
    const insists = managed(adminRule('no-rdp', 10, 'Deny')).map((each) =>
      each.name === 'baseline' ? { ...each, properties: { applyOnNetworkIntentPolicyBasedServices: ['All'] } } : each,
    );
    expect(isNamed(check([...estate, sql, ...insists]), STRANGER, 3389)).toBe(false);
  });

  test('a group whose members are not known is a gap, and so is a rule that cannot be read', () => {
    const unknown = managed(adminRule('no-rdp', 10, 'Deny')).filter(({ name }) => name !== 'app');
    const gaps = readNetwork([...opened, ...unknown]).gaps;
    expect(gaps).toMatchObject([{ what: 'unknown-group-members', touchesAdminPort: true }]);
    const broken = managed(adminRule('odd', 10, 'Sometimes'));
    expect(readNetwork([...opened, ...broken]).gaps).toMatchObject([{ what: 'unreadable-admin-rule' }]);
  });
});
