/** How a forwarding is taken away where it is made, and what stands against doing it unasked. */
import type { Remedy } from '../finding';
import type { NetworkAction } from '../network/action';
import type { Forwarding } from '../network/forwarding';
import { type Interface, type IpConfiguration, keyOf, type Network } from '../network/network';
import { isEveryPort } from '../network/port';
import { hasWayOutOfSubnet } from './egress';

/** The removal, if it is known what makes the forwarding; a Private Link service is left to a person altogether. */
export function forwardingRemedies(network: Network, forwarding: Forwarding): readonly Remedy[] {
  const { madeBy, name } = forwarding;
  if (!madeBy) return [];
  const members = membersOf(network, forwarding);
  const needsPerson = reasonForPerson(forwarding, members);
  const needsApproval = reasonForApproval(network, forwarding, members);
  const { resource, path } = madeBy;
  return [
    {
      kind: 'repair',
      title: `remove ${name}`,
      actions: [
        ...members.flatMap((member) => withoutReference(member, forwarding)),
        path.length === 0
          ? { kind: 'delete-resource', resource: keyOf(resource) }
          : { kind: 'edit-resource', resource: keyOf(resource), edits: [{ path }] },
      ],
      ...(needsApproval !== undefined && { needsApproval }),
      ...(needsPerson !== undefined && { needsPerson }),
    },
  ];
}

interface Member {
  readonly nic: Interface;
  readonly ip: IpConfiguration;
}

function membersOf({ interfaces }: Network, { targets }: Forwarding): Member[] {
  const pools = new Set(targets.pools);
  const named = new Set(targets.ipConfigurations);
  return [...interfaces.values()].flatMap((nic) =>
    nic.ipConfigurations.flatMap((ip) =>
      named.has(keyOf(ip.id)) || ip.pools.some((pool) => pools.has(pool)) ? { nic, ip } : [],
    ),
  );
}

/** ARM refuses to remove a NAT rule that an interface still refers to, so the reference goes first. */
function withoutReference({ nic, ip }: Member, { id }: Forwarding): NetworkAction[] {
  if (!isNatRule(id) || !ip.pools.includes(keyOf(id)) || isOfScaleSet(nic)) return [];
  const path = ['properties', 'ipConfigurations', { named: ip.name }, 'properties', 'loadBalancerInboundNatRules'];
  return [{ kind: 'edit-resource', resource: keyOf(nic.id), edits: [{ path: [...path, { named: id }] }] }];
}

function isNatRule(id: string): boolean {
  return /\/inboundNatRules\/[^/]+$/i.test(id);
}

function isOfScaleSet({ id }: Interface): boolean {
  return /\/virtualMachineScaleSets\//i.test(id);
}

function reasonForPerson(
  { id, backendPort, frontendPorts }: Forwarding,
  members: readonly Member[],
): string | undefined {
  if (backendPort === undefined && isEveryPort(frontendPorts)) {
    return 'it forwards every port and not only admin ports: what else depends on it is for its owner to say';
  }
  if (/\/inboundNatPools\/[^/]+$/i.test(id)) {
    return 'the model of a scale set refers to this NAT pool: take it out of the model and upgrade the instances first';
  }
  const isReferred = members.some(({ nic, ip }) => isOfScaleSet(nic) && ip.pools.includes(keyOf(id)));
  return isReferred ? 'instances of a scale set refer to it: take it out of the model first' : undefined;
}

function reasonForApproval(network: Network, forwarding: Forwarding, members: readonly Member[]): string | undefined {
  if (forwarding.kind === 'application-gateway') {
    return 'an application gateway takes minutes to change, and a listener without a rule is left behind';
  }
  if (forwarding.kind !== 'load-balancer' || !forwarding.isPublic) return undefined;
  const pools = forwarding.targets.pools.filter((pool) => isOnlyWayOut(network, forwarding, pool));
  const concerned = members.find(
    ({ ip }) => ip.pools.some((pool) => pools.includes(pool)) && !hasWayOutOfSubnet(network, ip),
  );
  return concerned && `${concerned.nic.name} may go out by this rule's front end, and would lose that`;
}

/** Whether this is the one rule by which members of the pool are known to go out. */
function isOnlyWayOut({ outboundPools, forwardings }: Network, forwarding: Forwarding, pool: string): boolean {
  if (outboundPools?.includes(pool) !== true) return false;
  return !forwardings.some(
    (other) =>
      other !== forwarding && other.kind === 'load-balancer' && other.isPublic && other.targets.pools.includes(pool),
  );
}
