import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../shared/controls';
import { ruleNameOf, isRuleAction } from '../../../shared/network/action';
import { addressesOf, isWithin, NO_ADDRESS } from '../../../shared/network/address';
import { readNetwork } from '../../../shared/network/read';
import type { Mode } from '../../../shared/policy/policy';
import type { Plan } from '../../../shared/remediation/plan';
import { type PlanInput, planRepairs } from '../../../shared/remediation/planner';
import { refusalKey } from '../../../shared/remediation/refusal';
import {
  BASTION_HOST,
  BASTION_PREFIX,
  change,
  hubAndSpoke,
  policyWith,
  type Resource,
  rule,
  withPublicIp,
  withRule,
  withRules,
} from '../../estate';

const NOW = new Date('2026-11-23T09:00:00Z');

function planFor(estate: readonly Resource[], extra: Partial<PlanInput> = {}): Plan {
  const policy = extra.policy ?? policyWith();
  const { network, gaps } = readNetwork(estate);
  const seen = evaluate(network, policy);
  const ceiling: Mode = 'remediate';
  return planRepairs({
    network,
    gaps: [...gaps, ...seen.gaps],
    policy,
    ceiling,
    findings: seen.findings,
    baseline: evaluate(readNetwork(hubAndSpoke()).network, policy).findings,
    orders: { approved: new Set() },
    recentWrites: [],
    now: NOW,
    refused: new Map(),
    ...extra,
  });
}

function repairsOf(plan: Plan): string[] {
  return plan.repairs.map(({ remedy }) => remedy.title);
}

function holdsOf(plan: Plan): string[] {
  return plan.held.map(({ hold }) => hold.reason);
}

const rdpFromInternet = rule('allow-rdp', 150, { sourceAddressPrefix: 'Internet', destinationPortRange: '3389' });
const drifted = withRule(hubAndSpoke(), 'nsg-app', rdpFromInternet);

function pam(source: string): Resource {
  return rule('pam', 150, { sourceAddressPrefix: source, destinationPortRange: '22' });
}

describe('planning', () => {
  test.each<[string, Resource[], string]>([
    ['a rule that lets only strangers in is removed', [rdpFromInternet], 'remove nsg-app/allow-rdp'],
    [
      'a rule that lets Bastion in as well is narrowed to Bastion',
      [rule('allow-ssh', 150, { sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'], destinationPortRange: '22' })],
      'narrow nsg-app/allow-ssh to 10.0.1.0/26',
    ],
    [
      'the offending prefix of several is dropped',
      [
        rule('allow-ssh', 150, {
          sourceAddressPrefixes: [BASTION_PREFIX, '203.0.113.0/24'],
          destinationPortRange: '22',
        }),
      ],
      'narrow nsg-app/allow-ssh to 10.0.1.0/26',
    ],
    [
      'a port range is split around the admin port',
      [rule('allow-apps', 150, { sourceAddressPrefix: 'Internet', destinationPortRange: '443-4000' })],
      'take the admin ports out of nsg-app/allow-apps, leaving 443-3388, 3390-4000',
    ],
    [
      'a rule for every protocol is contained, so that the other protocols go on',
      [rule('allow-any', 150, { protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' })],
      'deny exactly the offending traffic above nsg-app/allow-any',
    ],
  ])('%s', (_, added, expected) => {
    const plan = planFor(withRule(hubAndSpoke(), 'nsg-app', ...added));
    expect(repairsOf(plan)).toEqual([expected]);
    expect(plan.repairs[0]?.proof.every((fact) => fact.holds)).toBe(true);
  });

  test('machines left open by a deleted Deny are contained from the defaults upwards', () => {
    const plan = planFor(
      withRules(hubAndSpoke(), 'nsg-app', (rules) => rules.filter(({ name }) => name !== 'DenyOtherPorts')),
    );
    expect(repairsOf(plan)).toEqual(['deny exactly the offending traffic above nsg-app/AllowVnetInBound']);
    expect(plan.repairs[0]?.remedy.actions[0]).toMatchObject({
      kind: 'add-rule',
      rule: { priority: 4096, access: 'Deny' },
    });
  });

  test('an offender at the highest priority moves down so that the Deny fits above it', () => {
    const offender = rule('allow-any', 100, { protocol: '*', destinationPortRange: '*' });
    const [repair] = planFor(withRule(hubAndSpoke(), 'nsg-app', offender)).repairs;
    expect(repair?.remedy.actions).toMatchObject([
      { kind: 'renumber-rule', rule: 'allow-any', priority: 101 },
      { kind: 'add-rule', rule: { priority: 100 } },
    ]);
  });

  test('a rule hidden behind the offender is repaired with it', () => {
    const plan = planFor(
      withRule(
        hubAndSpoke(),
        'nsg-app',
        rdpFromInternet,
        rule('allow-rdp-too', 160, { sourceAddressPrefix: 'Internet', destinationPortRange: '3389' }),
      ),
    );
    expect(repairsOf(plan)).toEqual(['remove nsg-app/allow-rdp', 'remove nsg-app/allow-rdp-too']);
  });

  test('Bastion’s own rule, widened to everyone, is narrowed and not removed', () => {
    const estate = withRules(hubAndSpoke(), 'nsg-app', (rules) =>
      rules.map((each) =>
        each.name === 'allow-ssh-rdp-from-bastion'
          ? {
              ...each,
              properties: { ...(each.properties as object), sourceAddressPrefix: '*', sourceAddressPrefixes: [] },
            }
          : each,
      ),
    );
    expect(repairsOf(planFor(estate))).toEqual(['narrow nsg-app/allow-ssh-rdp-from-bastion to 10.0.1.0/26']);
  });

  test('a group that a delegated subnet shares is only closed where the machines are', () => {
    const estate = change(drifted, 'vnet-app', (properties, resource) => {
      const subnets = properties.subnets as Resource[];
      const first = (subnets[0]?.properties ?? {}) as { readonly networkSecurityGroup?: unknown };
      const nsg = first.networkSecurityGroup;
      const shared = {
        name: 'snet-service',
        id: `${String(resource.id)}/subnets/snet-service`,
        properties: {
          addressPrefix: '10.1.9.0/24',
          networkSecurityGroup: nsg,
          delegations: [{ properties: { serviceName: 'Microsoft.Web/serverFarms' } }],
        },
      };
      return { ...resource, properties: { ...properties, subnets: [...subnets, shared] } };
    });
    const [repair] = planFor(estate).repairs;
    expect(repair?.remedy.kind).toBe('contain');
    expect(repair?.remedy.actions).toMatchObject([{ rule: { destinationAddressPrefixes: ['10.1.0.0/24'] } }]);
  });

  test('a probed admin port keeps its health probe', () => {
    const balancer = {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers/lb',
      name: 'lb',
      type: 'Microsoft.Network/loadBalancers',
      properties: { probes: [{ name: 'ssh', properties: { protocol: 'Tcp', port: 22 } }] },
    };
    const open = rule('allow-ssh', 150, { sourceAddressPrefix: '*', destinationPortRange: '22' });
    const probed = planFor([...withRule(hubAndSpoke(), 'nsg-app', open), balancer]);
    expect(repairsOf(probed)).toEqual(['deny exactly the offending traffic above nsg-app/allow-ssh']);
    expect(repairsOf(planFor(withRule(hubAndSpoke(), 'nsg-app', open)))).toEqual([
      'narrow nsg-app/allow-ssh to 10.0.1.0/26',
    ]);
  });
});

describe('holding', () => {
  test.each<[string, string, Partial<PlanInput>]>([
    ['the policy only wants it reported', 'report-only', { policy: policyWith({ controls: {} }) }],
    ['the ceiling is report', 'report-only', { ceiling: 'report' }],
    ['the ceiling is off', 'off', { ceiling: 'off' }],
    ['nobody has looked before', 'standing', { baseline: undefined }],
    ['the policy pins no Bastion host', 'bastion-not-observed', { policy: policyWith({ bastionHosts: [] }) }],
    ['the mode is approve', 'needs-approval', { ceiling: 'approve' }],
    ['a person called a halt', 'halted', { orders: { halted: 'ops: maintenance', approved: new Set() } }],
    [
      'a list could not be read',
      'gap',
      { gaps: [{ resource: '/subscriptions/s', what: 'not-read', why: 'forbidden', touchesAdminPort: true }] },
    ],
  ])('because %s', (_, reason, extra) => {
    const plan = planFor(drifted, extra);
    expect(repairsOf(plan)).toEqual([]);
    expect(holdsOf(plan)).toEqual([reason]);
  });

  const lists = '/subscriptions/s/providers/Microsoft.Network';
  test.each<[string, Record<string, unknown>, string[]]>([
    [`${lists}/loadBalancers`, {}, ['gap']],
    [`${lists}/networkSecurityGroups`, {}, ['gap']],
    ['/subscriptions/s/resourceGroups', {}, ['gap']],
    [`${lists}/azureFirewalls`, {}, []],
    ['/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups', {}, []],
    [`${lists}/networkManagers`, {}, []],
    [`${lists}/routeTables`, {}, []],
    [`${lists}/routeTables`, { allowedSources: 'virtual-network' }, ['gap']],
  ])('for the unread %s under the policy %j: %j', (resource, extra, holds) => {
    const gaps = [{ resource, what: 'not-read', why: 'forbidden', touchesAdminPort: true }];
    expect(holdsOf(planFor(drifted, { gaps, policy: policyWith(extra) }))).toEqual(holds);
  });

  test('because the pinned host is not there: its rules then let strangers in, and nothing is written', () => {
    const plan = planFor(drifted, { policy: policyWith({ bastionHosts: [`${BASTION_HOST}-2`] }), baseline: [] });
    expect(repairsOf(plan)).toEqual([]);
    // The host that is there is pinned by nobody: another control reports it.
    expect(new Set(holdsOf(plan))).toEqual(new Set(['bastion-not-observed', 'report-only']));
  });

  test('because Bastion is being changed right now', () => {
    const updating = change(drifted, 'bas-hub', (properties, resource) => ({
      ...resource,
      properties: { ...properties, provisioningState: 'Updating' },
    }));
    expect(holdsOf(planFor(updating))).toEqual(['bastion-not-observed']);
  });

  test('because it rests on a tag that nobody can resolve', () => {
    const estate = withRule(
      hubAndSpoke(),
      'nsg-app',
      rule('allow-cloud', 150, { sourceAddressPrefix: 'AzureCloud', destinationPortRange: '22' }),
    );
    expect(holdsOf(planFor(estate))).toEqual(['gap']);
  });

  test('because another rule of the group could not be read', () => {
    const estate = withRule(
      hubAndSpoke(),
      'nsg-app',
      rdpFromInternet,
      rule('broken', 151, { destinationPortRange: 'ssh' }),
    );
    expect(holdsOf(planFor(estate))).toEqual(['gap']);
  });

  test('because it stood before, but not once it has a door to the Internet', () => {
    const baseline = evaluate(readNetwork(drifted).network, policyWith()).findings;
    expect(holdsOf(planFor(drifted, { baseline }))).toEqual(['standing']);
    expect(repairsOf(planFor(withPublicIp(drifted, 'nic-vm-app-1'), { baseline })).length).toBe(1);
  });

  test('only as far as it stood: what came on top is repaired, and what stood stays', () => {
    const standing = withRule(hubAndSpoke(), 'nsg-app', pam('10.9.0.10'));
    const baseline = evaluate(readNetwork(standing).network, policyWith()).findings;
    expect(holdsOf(planFor(standing, { baseline }))).toEqual(['standing']);
    const widened = planFor(withRule(hubAndSpoke(), 'nsg-app', pam('*')), { baseline });
    expect(repairsOf(widened)).toEqual(['narrow nsg-app/pam to 10.0.1.0/26, 10.9.0.10/32']);
    const below = withRule(standing, 'nsg-app', rule('any', 140, { protocol: '*', destinationPortRange: '*' }));
    const plan = planFor(below, { baseline });
    expect(holdsOf(plan)).toEqual(['report-only']);
    const [denial] = plan.repairs.flatMap(({ remedy }) => remedy.actions);
    const denied = denial?.kind === 'add-rule' ? addressesOf(...denial.rule.sourceAddressPrefixes) : NO_ADDRESS;
    expect(isWithin(addressesOf('10.9.0.11', '203.0.113.7'), denied)).toBe(true);
    expect(isWithin(addressesOf('10.9.0.10'), denied)).toBe(false);
  });

  test('not when a Deny above a standing rule goes, because then others get through', () => {
    const deny = rule('deny-some', 140, {
      access: 'Deny',
      sourceAddressPrefixes: ['128.0.0.0/1', '10.0.0.0/8'],
      destinationPortRange: '22',
    });
    const scanner = rule('scanner', 150, { sourceAddressPrefix: '*', destinationPortRange: '22' });
    const standing = withRule(hubAndSpoke(), 'nsg-app', deny, scanner);
    const baseline = evaluate(readNetwork(standing).network, policyWith()).findings;
    expect(holdsOf(planFor(standing, { baseline }))).toEqual(['standing']);
    expect(planFor(withRule(hubAndSpoke(), 'nsg-app', scanner), { baseline }).repairs).toHaveLength(1);
  });

  test('never by overwriting a rule that has the name ours would have', () => {
    const any = rule('any', 1000, { protocol: '*', destinationPortRange: '*' });
    const estate = withRule(hubAndSpoke(), 'nsg-app', any);
    const [wanted] = planFor(estate).repairs.flatMap(({ remedy }) =>
      remedy.actions.filter(isRuleAction).map(ruleNameOf),
    );
    const squatter = rule(String(wanted).toUpperCase(), 150, { access: 'Deny', destinationPortRange: '445' });
    const [repair] = planFor(withRule(estate, 'nsg-app', squatter)).repairs;
    expect(repair?.remedy.actions.filter(isRuleAction).map(ruleNameOf)).toEqual([`${wanted}-2`]);
  });

  test('not, once a person has approved it, even if it stood before', () => {
    const findings = evaluate(readNetwork(drifted).network, policyWith()).findings;
    const approved = new Set(findings.map((finding) => finding.fingerprint));
    expect(repairsOf(planFor(drifted, { ceiling: 'approve', baseline: findings, orders: { approved } }))).toEqual([
      'remove nsg-app/allow-rdp',
    ]);
  });

  test('because the same group was repaired three times within the hour', () => {
    const nsg = hubAndSpoke().find((resource) => resource.name === 'nsg-app');
    const at = (minutes: number): { resource: string; at: string } => ({
      resource: String(nsg?.id).toLowerCase(),
      at: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
    });
    expect(repairsOf(planFor(drifted, { recentWrites: [at(70), at(40), at(20)] }))).toEqual([
      'remove nsg-app/allow-rdp',
    ]);
    expect(holdsOf(planFor(drifted, { recentWrites: [at(50), at(40), at(20)] }))).toEqual(['breaker-open']);
  });

  test('because too much was written within ten minutes', () => {
    const recentWrites = Array.from({ length: 20 }, (_, index) => ({
      resource: `nsg-${index}`,
      at: NOW.toISOString(),
    }));
    expect(holdsOf(planFor(drifted, { recentWrites }))).toEqual(['breaker-open']);
  });

  test('because Azure refused every remedy, after the next ones were tried', () => {
    const [finding] = evaluate(readNetwork(drifted).network, policyWith()).findings;
    if (!finding) throw new Error('nothing found');
    const [first, second] = finding.remedies;
    if (!first || !second) throw new Error('two remedies expected');
    const one = new Map([[refusalKey(finding, first), 'ScopeLocked']]);
    expect(repairsOf(planFor(drifted, { refused: one }))).toEqual([second.title]);
    const all = new Map(finding.remedies.map((remedy) => [refusalKey(finding, remedy), 'ScopeLocked']));
    const plan = planFor(drifted, { refused: all });
    expect(holdsOf(plan)).toEqual(['locked']);
    expect(plan.held[0]?.hold.detail).toContain('ScopeLocked');
  });
});
