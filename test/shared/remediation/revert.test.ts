import { describe, expect, test } from '@jest/globals';
import { targetKeyOf } from '../../../shared/action';
import { evaluate } from '../../../shared/controls';
import type { RecentWrite } from '../../../shared/remediation/restraint';
import { readNetwork } from '../../../shared/network/read';
import { actionsOf, type Plan } from '../../../shared/remediation/plan';
import { planRepairs } from '../../../shared/remediation/planner';
import { worldAfter, worldOf } from '../../../shared/network/world';
import { change, hubAndSpoke, policyWith, type Resource, rule, withPublicIp, withRule } from '../../estate';

const policy = policyWith({ controls: { 'admin-ports-only-from-bastion': 'remediate' } });
const OPEN = { sourceAddressPrefix: '*' };

/** The accepted estate has a public machine that nobody but the web may reach, and a rule for it. */
function accepted(): Resource[] {
  const web = rule('allow-web', 130, { destinationPortRange: '443', sourceAddressPrefix: 'Internet' });
  return withRule(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'nsg-app', web);
}

function planFor(
  before: readonly Resource[],
  after: readonly Resource[],
  over: Partial<typeof policy> = {},
  recentWrites: readonly RecentWrite[] = [],
): Plan {
  const used = { ...policy, ...over };
  const { network, gaps } = readNetwork(after);
  return planRepairs({
    network,
    resources: after,
    gaps,
    policy: used,
    ceiling: 'remediate',
    findings: evaluate(network, used).findings,
    baseline: evaluate(readNetwork(before).network, used).findings,
    accepted: before,
    orders: { approved: new Set() },
    recentWrites,
    now: new Date(0),
    refused: new Map(),
  });
}

function edited(
  resources: readonly Resource[],
  name: string,
  properties: Readonly<Record<string, unknown>>,
): Resource[] {
  return change(resources, 'nsg-app', (_, group) => {
    const rules = (group.properties as { securityRules: Resource[] }).securityRules.map((each) =>
      each.name === name ? { ...each, properties: { ...(each.properties as object), ...properties } } : each,
    );
    return { ...group, etag: 'W/"edited"', properties: { ...(group.properties as object), securityRules: rules } };
  });
}

describe('revert', () => {
  test('takes back the one part of a rule that drifted, and leaves what else was edited in the same rule', () => {
    const before = accepted();
    const after = edited(before, 'allow-ssh-rdp-from-bastion', {
      ...OPEN,
      sourceAddressPrefixes: [],
      description: 'edited as well',
    });
    const [repair] = planFor(before, after).repairs;
    expect(repair?.remedy).toMatchObject({
      kind: 'revert',
      title: 'put sourceAddressPrefix of nsg-app/allow-ssh-rdp-from-bastion back as it was accepted',
    });
    const [action] = repair?.remedy.actions ?? [];
    expect(action).toMatchObject({ kind: 'restore-rule', body: { properties: { description: 'edited as well' } } });
  });

  test('of three edits at once the one that opens a port goes, and the legitimate ones stay', () => {
    const before = accepted();
    const two = withRule(
      before,
      'nsg-app',
      rule('allow-8443', 140, { destinationPortRange: '8443', sourceAddressPrefix: 'Internet' }),
    );
    const three = withRule(
      two,
      'nsg-app',
      rule('allow-rdp', 150, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' }),
    );
    const after = edited(three, 'allow-web', { destinationPortRange: '8080' });
    const plan = planFor(before, after);
    expect(plan.repairs.map(({ remedy }) => remedy.title)).toEqual([
      'remove nsg-app/allow-rdp, which was not there when the state was accepted',
    ]);
    const world = worldAfter(worldOf(readNetwork(after).network, after), actionsOf(plan) as never);
    const names = world.network.securityGroups;
    const group = [...names.values()].find(({ name }) => name === 'nsg-app');
    expect(group?.rules.filter((each) => !each.isDefault).map((each) => each.name)).toEqual(
      expect.arrayContaining(['allow-web', 'allow-8443']),
    );
    expect(group?.rules.some((each) => each.name === 'allow-rdp')).toBe(false);
  });

  test('puts a deny back that was deleted', () => {
    const before = accepted();
    const after = change(before, 'nsg-app', (_, group) => {
      const rules = (group.properties as { securityRules: Resource[] }).securityRules;
      const kept = rules.filter((each) => (each.properties as { access: string }).access !== 'Deny');
      return { ...group, etag: 'W/"edited"', properties: { ...(group.properties as object), securityRules: kept } };
    });
    const plan = planFor(before, after);
    expect(plan.repairs[0]?.remedy.kind).toBe('revert');
    expect(plan.repairs[0]?.remedy.title).toMatch(/^put nsg-app\/\S+ back as it was accepted$/);
  });

  test('re-attaches a security group that was taken off its subnet', () => {
    const before = accepted();
    const after = change(before, 'vnet-app', (_, network) => {
      const properties = network.properties as { subnets: Resource[] };
      const subnets = properties.subnets.map((subnet) => {
        const { networkSecurityGroup: _group, ...rest } = subnet.properties as { networkSecurityGroup?: unknown };
        return { ...subnet, properties: rest };
      });
      return { ...network, etag: 'W/"edited"', properties: { ...properties, subnets } };
    });
    const plan = planFor(before, after);
    expect(plan.repairs.map(({ remedy }) => remedy.title)).toEqual([
      expect.stringMatching(/^put networkSecurityGroup of \S+ back as it was accepted$/),
    ]);
    expect(plan.repairs[0]?.proof.every(({ holds }) => holds)).toBe(true);
  });

  test('makes a deleted security group again and puts it where it was, in that order', () => {
    const before = accepted();
    const without = before.filter((each) => each.name !== 'nsg-app');
    const after = change(without, 'vnet-app', (_, network) => {
      const properties = network.properties as { subnets: Resource[] };
      const subnets = properties.subnets.map((subnet) => {
        const { networkSecurityGroup: _group, ...rest } = subnet.properties as { networkSecurityGroup?: unknown };
        return { ...subnet, properties: rest };
      });
      return { ...network, etag: 'W/"edited"', properties: { ...properties, subnets } };
    });
    const [repair] = planFor(before, after).repairs;
    expect(repair?.remedy.actions.map(({ kind }) => kind)).toEqual(['create-resource', 'edit-resource']);
  });

  test('never restores a state that does not satisfy the policy', () => {
    const wide = { sourceAddressPrefix: '10.0.0.0/8', sourceAddressPrefixes: [] };
    const before = edited(accepted(), 'allow-ssh-rdp-from-bastion', wide);
    const after = edited(before, 'allow-ssh-rdp-from-bastion', OPEN).map((each) =>
      each.name === 'nsg-app' ? { ...each, etag: 'W/"again"' } : each,
    );
    const kinds = planFor(before, after).repairs.map(({ remedy }) => remedy.kind);
    expect(kinds).not.toContain('revert');
  });

  test('is left out where the policy leaves it out', () => {
    const before = accepted();
    const after = withRule(
      before,
      'nsg-app',
      rule('allow-rdp', 150, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' }),
    );
    const kinds = planFor(before, after, { remedies: ['repair', 'contain'] }).repairs.map(({ remedy }) => remedy.kind);
    expect(kinds).toEqual(['repair']);
  });
});

describe('what a revert must not take away', () => {
  test('a public IP on a new configuration is detached, and the configuration with its address stays', () => {
    const before = accepted();
    const after = change(before, 'nic-vm-app-2', (_, nic) => {
      const properties = nic.properties as { ipConfigurations: Resource[] };
      const [first] = properties.ipConfigurations;
      const { id: _id, ...copy } = first as Resource;
      const service = {
        ...copy,
        id: `${String(nic.id)}/ipConfigurations/svc`,
        name: 'svc',
        properties: {
          ...(first?.properties as object),
          primary: false,
          privateIPAddress: '10.1.0.50',
          publicIPAddress: { id: String(before.find(({ name }) => name === 'pip-spare')?.id) },
        },
      };
      return {
        ...nic,
        etag: 'W/"edited"',
        properties: { ...properties, ipConfigurations: [...properties.ipConfigurations, service] },
      };
    });
    const controls = { controls: { 'public-ip-only-where-approved': 'remediate' } } as Partial<typeof policy>;
    const { repairs } = planFor(before, after, controls);
    for (const { remedy } of repairs) {
      for (const action of remedy.actions) {
        if (action.kind !== 'edit-resource') continue;
        expect(action.edits.filter(({ path }) => path.length <= 3)).toEqual([]);
      }
    }
  });
});

function unpeered(network: Resource): Resource {
  const properties = { ...(network.properties as object), virtualNetworkPeerings: [] };
  return { ...network, etag: 'W/"edited"', properties };
}

describe('the brake', () => {
  test('counts what is written, also where the finding is about another resource', () => {
    const before = hubAndSpoke();
    const after = ['vnet-hub', 'vnet-app', 'vnet-data'].reduce<Resource[]>(
      (estate, name) => change(estate, name, (_, network) => unpeered(network)),
      before,
    );
    const all = Object.fromEntries(
      ['bastion-reaches-vms', 'peering-only-approved'].map((id) => [id, 'remediate'] as const),
    );
    const controls = { controls: all } as Partial<typeof policy>;
    const targets = planFor(before, after, controls).repairs.flatMap(({ remedy }) => remedy.actions.map(targetKeyOf));
    expect(targets.some((target) => target.includes('/virtualnetworkpeerings/'))).toBe(true);
    const recentWrites = [...new Set(targets)].flatMap((resource) =>
      [1, 2, 3].map((minute) => ({ resource, at: new Date(-minute * 60_000).toISOString() })),
    );
    const fighting = planFor(before, after, controls, recentWrites);
    expect(fighting.repairs).toEqual([]);
    expect(fighting.held.map(({ hold }) => hold.reason)).toContain('breaker-open');
  });
});

describe('a hundred rules at once', () => {
  test('are planned for as far as one look may take, and the next look goes on', () => {
    const before = accepted();
    const flood = Array.from({ length: 60 }, (_, at) =>
      rule(`flood-${at}`, 131 + at, {
        protocol: '*',
        destinationPortRange: '*',
        sourceAddressPrefix: `192.0.2.${at + 1}`,
      }),
    );
    const plan = planFor(before, withRule(before, 'nsg-app', ...flood), {
      breaker: { repairsPerResourcePerHour: 3, writesPerTenMinutes: 200 },
    });
    expect(plan.isPartial).toBe(true);
    expect(plan.repairs.length).toBeGreaterThan(5);
    expect(plan.repairs.length).toBeLessThan(60);
  });
});
