import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../shared/controls';
import { bastionReachesVms } from '../../../shared/controls/bastion-reaches-vms';
import { readNetwork } from '../../../shared/network/read';
import { planRepairs } from '../../../shared/remediation/planner';
import { change, hubAndSpoke, policyWith, type Resource } from '../../estate';

const policy = policyWith({ controls: { 'bastion-reaches-vms': 'remediate' } });
const TABLE =
  '/subscriptions/5ea1ab1e-0000-4000-8000-000000000001/resourceGroups/rg-app/providers/Microsoft.Network/routeTables/rt-app';

/** The estate with a table of these routes on the subnet of the machines. */
function routed(...routes: readonly (readonly [prefix: string, nextHopType: string])[]): Resource[] {
  const table: Resource = {
    id: TABLE,
    name: 'rt-app',
    type: 'Microsoft.Network/routeTables',
    properties: {
      routes: routes.map(([addressPrefix, nextHopType], at) => ({
        name: `r${at}`,
        properties: { addressPrefix, nextHopType },
      })),
    },
  };
  const estate = change(hubAndSpoke(), 'vnet-app', (_, network) => {
    const properties = network.properties as { subnets: Resource[] };
    const subnets = properties.subnets.map((subnet) => ({
      ...subnet,
      properties: { ...(subnet.properties as object), routeTable: { id: TABLE } },
    }));
    return { ...network, etag: 'W/"routed"', properties: { ...properties, subnets } };
  });
  return [...estate, table];
}

function titles(estate: readonly Resource[]): readonly string[] {
  return bastionReachesVms.check(readNetwork(estate).network, policy).findings.map(({ title }) => title);
}

describe('routes that drop the answers to Bastion', () => {
  test.each([
    ['exactly its subnet', [['10.0.1.0/26', 'None']]],
    ['its whole network, of the same length as the system’s route', [['10.0.0.0/16', 'None']]],
    [
      'it, by the longer of two',
      [
        ['10.0.0.0/16', 'VnetLocal'],
        ['10.0.1.0/24', 'None'],
      ],
    ],
  ] as const)('are found when they drop %s', (_, routes) => {
    expect(titles(routed(...routes))).toEqual([
      expect.stringMatching(/^Bastion cannot reach vm-app-1 and 1 more: route r\d of rt-app drops the answers$/),
    ]);
  });

  test.each([
    ['everything, because the system’s route is more exact', [['0.0.0.0/0', 'None']]],
    ['another network', [['10.2.0.0/16', 'None']]],
    [
      'its network, but for a longer route to it',
      [
        ['10.0.0.0/16', 'None'],
        ['10.0.1.0/26', 'VnetLocal'],
      ],
    ],
    ['a part of its subnet', [['10.0.1.0/28', 'None']]],
  ] as const)('are none when they drop %s', (_, routes) => {
    expect(titles(routed(...routes))).toEqual([]);
  });

  test('are taken off the subnet again', () => {
    const before = hubAndSpoke();
    const after = routed(['10.0.1.0/26', 'None']);
    const { network, gaps } = readNetwork(after);
    const plan = planRepairs({
      network,
      resources: after,
      gaps,
      policy,
      ceiling: 'remediate',
      findings: evaluate(network, policy).findings,
      baseline: [],
      accepted: before,
      orders: { approved: new Set() },
      recentWrites: [],
      now: new Date(0),
      refused: new Map(),
    });
    expect(plan.held).toEqual([]);
    expect(plan.repairs.map(({ remedy }) => remedy.title)).toEqual([
      'put routeTable of snet-app back as it was accepted',
    ]);
  });
});
