import { describe, expect, test } from '@jest/globals';
import { rewriteSecurityGroup } from '../../../shared/azure/security-group-body';
import type { RuleAction, NewRule } from '../../../shared/network/action';
import { isObject, type JsonObject, listOf, propertiesOf } from '../../../shared/network/json';
import { NSG_KEY, rule, securityGroup } from './fixture';

const DENY: NewRule = {
  name: 'bastion-guardrail-1234',
  description: 'why it is here',
  priority: 110,
  direction: 'Inbound',
  access: 'Deny',
  protocol: 'Tcp',
  sourceAddressPrefixes: ['Internet'],
  destinationAddressPrefixes: ['*'],
  destinationPortRanges: ['22', '3389'],
};

function groupWith(properties: Record<string, unknown>): JsonObject {
  return securityGroup({ properties: { securityRules: [rule('r', 100, properties)] } });
}

/** The rule's properties after one action, less what the fixture's other fields say. */
function after(group: JsonObject, action: RuleAction): JsonObject {
  const result = rewriteSecurityGroup(group, [action]);
  if (result.kind !== 'write') throw new Error(result.kind);
  return propertiesOf(listOf(propertiesOf(result.body).securityRules).at(-1));
}

function sources(...list: string[]): RuleAction {
  return { kind: 'narrow-rule-sources', securityGroup: NSG_KEY, rule: 'R', sources: list };
}

function ports(...list: string[]): RuleAction {
  return { kind: 'narrow-rule-ports', securityGroup: NSG_KEY, rule: 'r', destinationPorts: list };
}

describe('shared/azure/security-group-body', () => {
  test('one source in a singular rule stays singular', () => {
    const properties = after(groupWith({}), sources('10.0.0.0/26'));
    expect(properties).toMatchObject({ sourceAddressPrefix: '10.0.0.0/26', sourceAddressPrefixes: [] });
  });

  test('several sources turn a singular rule plural and drop the singular', () => {
    const properties = after(groupWith({}), sources('10.0.0.0/26', '10.1.0.0/26'));
    expect(properties.sourceAddressPrefixes).toEqual(['10.0.0.0/26', '10.1.0.0/26']);
    expect(Object.keys(properties)).not.toContain('sourceAddressPrefix');
  });

  test('a plural rule stays plural, also with one source', () => {
    const group = groupWith({ sourceAddressPrefix: undefined, sourceAddressPrefixes: ['10.0.0.0/26', '0.0.0.0/0'] });
    const properties = after(group, sources('10.0.0.0/26'));
    expect(properties.sourceAddressPrefixes).toEqual(['10.0.0.0/26']);
    expect(Object.keys(properties)).not.toContain('sourceAddressPrefix');
  });

  test('narrowing the sources replaces application security groups, which may not stand beside prefixes', () => {
    const group = groupWith({ sourceAddressPrefix: '', sourceApplicationSecurityGroups: [{ id: 'asg' }] });
    const properties = after(group, sources('10.0.0.0/26'));
    expect(properties.sourceAddressPrefix).toBe('10.0.0.0/26');
    expect(Object.keys(properties)).not.toContain('sourceApplicationSecurityGroups');
  });

  test('narrowing ports changes the ports and nothing else', () => {
    const group = groupWith({ destinationPortRange: '*' });
    const { destinationPortRanges, ...others } = after(group, ports('0-21', '23-3388', '3390-65535'));
    const {
      destinationPortRange: _,
      provisioningState: __,
      destinationPortRanges: ___,
      ...kept
    } = propertiesOf(listOf(propertiesOf(group).securityRules)[0]);
    expect(destinationPortRanges).toEqual(['0-21', '23-3388', '3390-65535']);
    expect(others).toEqual(kept);
  });

  test('a new rule is written in the form ARM wants and is not written twice', () => {
    const group = securityGroup();
    const add: RuleAction = { kind: 'add-rule', securityGroup: NSG_KEY, rule: DENY };
    expect(after(group, add)).toEqual({
      description: 'why it is here',
      priority: 110,
      direction: 'Inbound',
      access: 'Deny',
      protocol: 'Tcp',
      sourcePortRange: '*',
      sourceAddressPrefix: 'Internet',
      destinationAddressPrefix: '*',
      destinationPortRanges: ['22', '3389'],
    });
    const first = rewriteSecurityGroup(group, [add]);
    const written = first.kind === 'write' ? first.body : {};
    expect(first.kind === 'write' && first.changes).toMatchObject([{ rule: DENY.name, before: null }]);
    expect(rewriteSecurityGroup(written, [add]).kind).toBe('already');
  });

  test('actions follow each other, and what was read is not changed', () => {
    const group = securityGroup();
    const copy = structuredClone(group);
    const result = rewriteSecurityGroup(group, [
      { kind: 'narrow-rule-sources', securityGroup: NSG_KEY, rule: 'allow-rdp', sources: ['10.0.0.0/26'] },
      { kind: 'remove-rule', securityGroup: NSG_KEY, rule: 'allow-rdp' },
    ]);
    expect(result.kind === 'write' && result.changes).toEqual([
      { rule: 'allow-rdp', before: rule('allow-rdp', 120), after: null },
    ]);
    expect(group).toEqual(copy);
  });

  test('rules that nobody can read stay where they are', () => {
    const broken = [null, 'text', { name: 7 }, { name: 'no-properties' }];
    const group = securityGroup({ properties: { securityRules: [...broken, rule('r', 100)] } });
    const result = rewriteSecurityGroup(group, [sources('10.0.0.0/26')]);
    const rules =
      result.kind === 'write' && isObject(result.body.properties) ? listOf(result.body.properties.securityRules) : [];
    expect(rules.slice(0, 4)).toEqual(broken);
  });

  test.each([
    ['source', sources()],
    ['port', ports()],
  ])('a rule is never left without a %s', (_, action) => {
    expect(rewriteSecurityGroup(groupWith({}), [action])).toMatchObject({ kind: 'impossible' });
  });
});
