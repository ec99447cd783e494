import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../shared/network/explain';
import { readNetwork } from '../../../shared/network/read';
import { hubAndSpoke, networkOf, type Resource, rule, type RuleProperties, withPublicIp, withRule } from '../../estate';
import { added, check, havingSubnets, idOf, isNamed, STRANGER, VNET_APP } from './addition';

const MANAGER = 'networkManagers/avnm';
const COLLECTION = `${MANAGER}/securityAdminConfigurations/baseline/ruleCollections/all`;
const GROUP = `${MANAGER}/networkGroups/spokes`;

const anywhere = [{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }];
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
