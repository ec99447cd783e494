import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../shared/controls';
import { keyOf } from '../../../shared/network/network';
import { statesAfter } from '../../../shared/network/peering-state';
import { readNetwork } from '../../../shared/network/read';
import { worldAfter, worldOf } from '../../../shared/network/world';
import type { Plan } from '../../../shared/remediation/plan';
import { planRepairs } from '../../../shared/remediation/planner';
import { change, hubAndSpoke, policyWith, type Resource, rule, withRule, withRules } from '../../estate';
import { havingSubnets, idOf, VNET_APP, VNET_HUB } from '../network/addition';
import { withHalf, withoutHalf } from '../controls/peerings';

const REMEDIATED = [
  'admin-ports-only-from-bastion',
  'bastion-reaches-vms',
  'peering-only-approved',
  'public-ip-only-where-approved',
  'subnet-has-nsg',
];
const policy = policyWith({ controls: Object.fromEntries(REMEDIATED.map((id) => [id, 'remediate'])) });

function planFor(before: readonly Resource[], after: readonly Resource[]): Plan {
  const { network, gaps } = readNetwork(after);
  return planRepairs({
    network,
    resources: after,
    gaps,
    policy,
    ceiling: 'remediate',
    findings: evaluate(network, policy).findings,
    baseline: evaluate(readNetwork(before).network, policy).findings,
    accepted: before,
    orders: { approved: new Set() },
    recentWrites: [],
    now: new Date(0),
    refused: new Map(),
  });
}

function edited(estate: readonly Resource[], name: string): Resource[] {
  return change(estate, name, (_, resource) => ({ ...resource, etag: 'W/"edited"' }));
}

function titles({ repairs }: Plan): string[] {
  return repairs.map(({ remedy }) => remedy.title);
}

function withoutDeny(estate: readonly Resource[]): Resource[] {
  return edited(
    withRules(estate, 'nsg-app', (rules) => rules.filter(({ name }) => name !== 'DenyOtherPorts')),
    'nsg-app',
  );
}

const DENY_BACK = 'put nsg-app/DenyOtherPorts back as it was accepted';

describe('several drifts at once', () => {
  test('a repair of one group ends no finding about something else', () => {
    const bare = change(withoutDeny(hubAndSpoke()), 'vnet-data', (properties, resource) => ({
      ...resource,
      etag: 'W/"edited"',
      properties: {
        ...properties,
        subnets: [
          ...(properties.subnets as Resource[]),
          {
            name: 'snet-new',
            id: `${String(resource.id)}/subnets/snet-new`,
            properties: { addressPrefix: '10.2.9.0/24' },
          },
        ],
      },
    }));
    const plan = planFor(hubAndSpoke(), bare);
    expect(titles(plan)).toEqual([DENY_BACK]);
    const held = plan.held.filter(({ finding }) => finding.title.includes('snet-new')).map(({ hold }) => hold.reason);
    expect(held).toContain('needs-a-person');
  });

  test('a detached group goes back once Bastion’s rule in it has', () => {
    const withoutAllow = withRules(hubAndSpoke(), 'nsg-app', (rules) =>
      rules.filter(({ name }) => !/bastion/i.test(String(name))),
    );
    const detached = edited(havingSubnets(withoutAllow, 'vnet-app', { networkSecurityGroup: undefined }), 'vnet-app');
    const plan = planFor(hubAndSpoke(), edited(detached, 'nsg-app'));
    expect(plan.held.filter(({ hold }) => hold.reason !== 'report-only')).toEqual([]);
    expect(titles(plan).join('; ')).toContain('put networkSecurityGroup of snet-app back as it was accepted');
  });

  test('a deleted group is made again although an unrelated rule was added elsewhere', () => {
    const gone = havingSubnets(hubAndSpoke(), 'vnet-app', { networkSecurityGroup: undefined }).filter(
      ({ name }) => name !== 'nsg-app',
    );
    const https = rule('allow-https', 310, { sourceAddressPrefix: '198.51.100.0/24', destinationPortRange: '8443' });
    const after = edited(edited(withRule(gone, 'nsg-data', https), 'nsg-data'), 'vnet-app');
    expect(titles(planFor(hubAndSpoke(), after))).toEqual([
      'make nsg-app again as it was accepted; put networkSecurityGroup of snet-app back as it was accepted',
    ]);
  });

  test('a default route does not hide what narrowing a rule would shut out', () => {
    const routes = [
      {
        name: 'out',
        properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.9.4' },
      },
    ];
    const table = idOf('rg-app', 'routeTables/rt');
    const before = [
      ...havingSubnets(hubAndSpoke(), 'vnet-app', { routeTable: { id: table } }),
      { id: table, name: 'rt', type: 'Microsoft.Network/routeTables', properties: { routes } },
    ];
    const all = rule('allow-all', 100, { protocol: '*', destinationPortRange: '*' });
    const after = edited(withRule(before, 'nsg-app', all), 'nsg-app');
    const [repair] = planFor(before, after).repairs;
    expect(repair?.remedy.kind).toBe('contain');
  });
});

describe('the model of a peering', () => {
  const half = `${VNET_APP}/virtualNetworkPeerings/app-to-hub`;
  const far = `${VNET_HUB}/virtualNetworkPeerings/hub-to-app`;

  test('a half that is made again connects both', () => {
    const gone = withoutHalf(hubAndSpoke(), 'vnet-app', 'app-to-hub');
    const back = withHalf(gone, ['vnet-app', VNET_HUB, {}, 'app-to-hub']);
    expect(statesAfter(gone, back, keyOf(half))).toEqual([
      { key: keyOf(half), state: 'Connected' },
      { key: keyOf(far), state: 'Connected' },
    ]);
  });

  test('a half that is deleted leaves the other disconnected', () => {
    const world = worldOf(readNetwork(hubAndSpoke()).network, hubAndSpoke());
    const { network } = worldAfter(world, [{ kind: 'delete-resource', resource: keyOf(half) }]);
    const left = [...network.virtualNetworks.values()].flatMap(({ peerings }) => peerings);
    expect(left.find(({ id }) => keyOf(id) === keyOf(far))?.state).toBe('Disconnected');
  });

  test('one deleted end of the way to Bastion is restored', () => {
    const gone = edited(withoutHalf(hubAndSpoke(), 'vnet-app', 'app-to-hub'), 'vnet-app');
    const alone = change(gone, 'vnet-hub', (properties, resource) => ({
      ...resource,
      properties: {
        ...properties,
        virtualNetworkPeerings: (properties.virtualNetworkPeerings as Resource[]).map((each) =>
          each.name === 'hub-to-app'
            ? { ...each, properties: { ...(each.properties as object), peeringState: 'Disconnected' } }
            : each,
        ),
      },
    }));
    expect(titles(planFor(hubAndSpoke(), alone))).toEqual(['make app-to-hub again as it was accepted']);
  });
});
