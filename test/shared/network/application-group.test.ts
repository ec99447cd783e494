import { describe, expect, test } from '@jest/globals';
import { hubAndSpoke, type Resource, rule, type RuleProperties, withRules } from '../../estate';
import { added, check, havingIpConfiguration, havingSubnets, idOf, isNamed, VNET_APP } from './addition';

const MEMBERS = { id: idOf('rg-app', 'applicationSecurityGroups/asg-jump') };
const fromMembers = (access: string, priority: number): Resource =>
  rule('members', priority, {
    access,
    sourceApplicationSecurityGroups: [MEMBERS],
    sourceAddressPrefix: undefined,
    destinationPortRange: '22',
  });
const fromAnybody = rule('anybody', 300, { sourceAddressPrefix: '*', destinationPortRange: '22' });
const nobodyElse = rule('nobody', 4000, { access: 'Deny', protocol: '*', destinationPortRange: '*' });

/** Where vm-app-1 stands: a subnet of two families. */
const estate = (...rules: readonly Resource[]): Resource[] =>
  havingSubnets(
    withRules(hubAndSpoke(), 'nsg-app', () => [...rules]),
    'vnet-app',
    { addressPrefix: undefined, addressPrefixes: ['10.1.0.0/24', 'fd00:1::/64'] },
  );

/** A member whose address nobody knows: every instance of a scale set, or the interface of a template. */
const ipConfiguration = (properties: RuleProperties): Resource => ({
  name: 'ip',
  properties: { subnet: { id: `${VNET_APP}/subnets/snet-app` }, applicationSecurityGroups: [MEMBERS], ...properties },
});
const scaleSet = (properties: RuleProperties = {}): Resource => ({
  id: idOf('rg-app', '').replace('Microsoft.Network/', 'Microsoft.Compute/virtualMachineScaleSets/vmss'),
  type: 'Microsoft.Compute/virtualMachineScaleSets',
  name: 'vmss',
  properties: {
    orchestrationMode: 'Uniform',
    virtualMachineProfile: {
      networkProfile: {
        networkInterfaceConfigurations: [
          { name: 'nic', properties: { ipConfigurations: [ipConfiguration(properties)] } },
        ],
      },
    },
  },
});
const template = added('networkInterfaces/nic-new', { ipConfigurations: [ipConfiguration({})] });

const withMember = (...rules: readonly Resource[]): Resource[] =>
  havingIpConfiguration(estate(...rules), { applicationSecurityGroups: [MEMBERS] });

const NEIGHBOUR = '10.1.0.200';
const NEIGHBOUR_V6 = 'fd00:1::200';

describe('an application security group as a source', () => {
  test.each<[string, Resource]>([
    ['a scale set', scaleSet()],
    ['a template’s interface', template],
  ])('with %s in it may hold any address of the subnet when the rule allows', (_, member) => {
    const findings = check([...estate(fromMembers('Allow', 200), nobodyElse), member]);
    expect(isNamed(findings, NEIGHBOUR, 22)).toBe(true);
    expect(isNamed(findings, '10.1.1.200', 22)).toBe(false);
  });

  test.each<[string, Resource]>([
    ['a scale set', scaleSet()],
    ['a template’s interface', template],
  ])('with %s in it holds no certain address when the rule denies', (_, member) => {
    const findings = check([...estate(fromMembers('Deny', 200), fromAnybody, nobodyElse), member]);
    expect(isNamed(findings, NEIGHBOUR, 22)).toBe(true);
  });

  test('holds the address of a member that has one, whether the rule allows or denies', () => {
    expect(isNamed(check(withMember(fromMembers('Allow', 200), nobodyElse)), '10.1.0.4', 22)).toBe(true);
    expect(isNamed(check(withMember(fromMembers('Allow', 200), nobodyElse)), NEIGHBOUR, 22)).toBe(false);
    expect(isNamed(check(withMember(fromMembers('Deny', 200), fromAnybody)), '10.1.0.4', 22)).toBe(false);
  });

  test('holds only addresses of the member’s family, which is IPv4 unless it says otherwise', () => {
    const rules = estate(fromMembers('Allow', 200), nobodyElse);
    expect(isNamed(check([...rules, scaleSet()]), NEIGHBOUR_V6, 22, 'vnet-app/snet-app')).toBe(false);
    const v6 = check([...rules, scaleSet({ privateIPAddressVersion: 'IPv6' })]);
    expect(isNamed(v6, NEIGHBOUR_V6, 22, 'vnet-app/snet-app')).toBe(true);
    expect(isNamed(v6, NEIGHBOUR, 22, 'vnet-app/snet-app')).toBe(false);
  });
});
