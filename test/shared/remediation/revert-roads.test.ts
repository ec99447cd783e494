import { describe, expect, test } from '@jest/globals';
import { isNetworkAction } from '../../../shared/action';
import { evaluate } from '../../../shared/controls';
import { readNetwork } from '../../../shared/network/read';
import { worldAfter, worldOf } from '../../../shared/network/world';
import { actionsOf, type Plan } from '../../../shared/remediation/plan';
import { planRepairs } from '../../../shared/remediation/planner';
import { referencesFact } from '../../../shared/remediation/references-kept';
import { change, hubAndSpoke, policyWith, type Resource } from '../../estate';
import { balancer, natted, natting } from '../controls/forwarders';
import { havingSubnets, idOf, VNET_APP } from '../network/addition';

const policy = policyWith({
  controls: {
    'admin-ports-only-from-bastion': 'remediate',
    'inbound-nat-avoids-admin-ports': 'remediate',
    'subnet-has-nsg': 'remediate',
  },
});
const LB_KEY = idOf('rg-hub', 'loadBalancers/lb').toLowerCase();
const NIC_KEY = idOf('rg-app', 'networkInterfaces/nic-vm-app-1').toLowerCase();
const NSG_KEY = idOf('rg-app', 'networkSecurityGroups/nsg-app').toLowerCase();
const SUBNET_KEY = `${VNET_APP}/subnets/snet-app`.toLowerCase();

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

function targetsOf(plan: Plan): string[] {
  return actionsOf(plan).map((action) => ('resource' in action ? action.resource : 'a rule'));
}

describe('a NAT rule that came, and the interface that refers to it', () => {
  const before = [...hubAndSpoke(), balancer({})];
  const after = [...natted, balancer(natting(22))];

  test('goes after the reference to it, as ARM demands', () => {
    const plan = planFor(before, after);
    expect(plan.held).toEqual([]);
    expect(targetsOf(plan)).toEqual([NIC_KEY, LB_KEY]);
    const rest = worldAfter(worldOf(readNetwork(after).network, after), actionsOf(plan).filter(isNetworkAction));
    expect(evaluate(rest.network, policy).findings).toEqual([]);
  });

  test('is not taken away from under an interface', () => {
    const [old, now] = [after, [...natted, balancer({})]].map((estate) => readNetwork(estate).network);
    if (!old || !now) throw new Error('both were just read');
    expect(referencesFact(old, now)).toMatchObject({
      holds: false,
      detail: 'nic-vm-app-1 still refers to ssh-1',
    });
    const none = readNetwork(before).network;
    expect(referencesFact(old, none).holds).toBe(true);
    expect(referencesFact(none, old).holds).toBe(true);
  });
});

/** As ARM would show it: the etag moves with every change. */
function without(networkSecurityGroup: null | undefined): Resource[] {
  const bare = havingSubnets(hubAndSpoke(), 'vnet-app', { networkSecurityGroup });
  return change(bare, 'vnet-app', (_, network) => ({ ...network, etag: 'W/"2"' }));
}

describe('a subnet whose security group went', () => {
  test.each<[string, null | undefined]>([
    ['left out', undefined],
    ['written as null', null],
  ])('gets it back when it was %s', (_, networkSecurityGroup) => {
    const plan = planFor(hubAndSpoke(), without(networkSecurityGroup));
    expect(targetsOf(plan)).toEqual([SUBNET_KEY]);
  });

  test('gets it back after the group itself has been made again', () => {
    const deleted = without(null).filter(({ id }) => String(id).toLowerCase() !== NSG_KEY);
    expect(targetsOf(planFor(hubAndSpoke(), deleted))).toEqual([NSG_KEY, SUBNET_KEY]);
  });
});
