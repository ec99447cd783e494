/** Every peering joins a hub and a spoke, or is approved by itself; and it stands at both ends. */
import type { Discrepancy, Finding, Remedy, Severity } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { gatewaysOf, isConnected } from '../network/neighbourhood';
import { type Gap, keyOf, type Network, type ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Checked, NetworkControl } from './control';
import { type PeeredNetworks, peeredNetworks } from './peered-networks';
import { makerAlone } from './peering-maker';
import { isHubAndSpoke, mayBePeered, networkName, type Topology, topologyOf } from './topology';

const ID = 'peering-only-approved';

export const peeringOnlyApproved: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Networks are peered as hub and spoke, and in no other way that is not approved',
  why: 'Peered address space counts as VirtualNetwork, which the default rules of every security group let in: a peering to a network nobody knows, or between two spokes, is a way to the machines that passes neither Bastion nor the hub. And a spoke whose peering is broken is one that Bastion cannot reach.',
  references: [
    'https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview',
    'https://learn.microsoft.com/azure/bastion/vnet-peering',
  ],
  check,
};

function check(network: Network, policy: AccessPolicy): Checked {
  const topology = topologyOf(network, policy);
  const pairs = peeredNetworks(network);
  const approved = pairs.filter(({ networks }) => mayBePeered(topology, ...networks));
  const unapproved = pairs.filter(({ networks }) => !mayBePeered(topology, ...networks));
  const isHubKnown = topology.hubs.size > 0;
  const judged = unapproved.filter((pair) => isHubKnown && isJudged(topology, pair));
  return {
    findings: [
      ...judged.map((pair) => unapprovedPeering(network, topology, pair)),
      ...approved.flatMap((pair) => brokenPeering(network, topology, pair)),
    ],
    gaps: isHubKnown ? [] : unapproved.slice(0, 1).map(unknownHub),
    skipped: [],
  };
}

/** Where the policy says nothing of hubs, only what is joined to the one that was found. */
function isJudged({ isStated, roleOf }: Topology, { networks }: PeeredNetworks): boolean {
  return isStated || networks.some((key) => roleOf(key) !== 'foreign');
}

function unknownHub({ halves: [half] }: PeeredNetworks): Gap {
  const why =
    'no Bastion host is pinned or was found, so no network is known to be the hub and no peering could be judged; pin the hosts in bastionHosts, or name the hubs in topology.hubs';
  return { resource: half.id, what: 'unknown-hub', why, touchesAdminPort: false };
}

function unapprovedPeering(network: Network, topology: Topology, pair: PeeredNetworks): Finding {
  const { networks, halves } = pair;
  const [one, other] = networks.map((key) => `${topology.roleOf(key)} ${networkName(network, key)}`);
  return {
    control: ID,
    resource: halves[0].id,
    severity: severityOf(network, topology, pair),
    title: `${one} is peered with ${other}, which the policy does not approve`,
    fingerprint: fingerprintOf(ID, 'unapproved', ...networks),
    evidence: {
      exposures: [],
      discrepancies: [
        {
          setting: 'peering',
          wanted: 'a hub with a spoke, or an approved pair',
          found: `${one} with ${other}, ${halves.map(({ name, state }) => `${name} ${state ?? 'as declared'}`).join(', ')}`,
        },
      ],
      namedDoors: [...halves.map(({ id }) => id), ...gatewaysLent(network, pair)],
    },
    remedies: topology.isStated ? [removal(network, pair)] : [],
    restsOn: topology.unplaced.map((host) => `Bastion host ${host}`),
  };
}

/** Once connected, somebody else's network at one of ours is worse than two of a kind. */
function severityOf(network: Network, topology: Topology, { networks, halves }: PeeredNetworks): Severity {
  if (!halves.some(isConnected)) return 'low';
  const foreign = networks.filter((key) => topology.roleOf(key) === 'foreign');
  const isRead = networks.every((key) => network.virtualNetworks.has(key));
  return isRead && foreign.length !== 1 ? 'medium' : 'high';
}

/** Gateways that one end uses only because of this peering: what comes by them is the finding's as well. */
function gatewaysLent(network: Network, { halves }: PeeredNetworks): string[] {
  return halves.flatMap((half) => {
    const own = network.virtualNetworks.get(half.virtualNetwork);
    const used = half.useRemoteGateways && own ? gatewaysOf(network, own) : [];
    return used.flatMap(({ id, virtualNetwork }) => (virtualNetwork === half.remote ? id : []));
  });
}

function removal(network: Network, { networks, halves }: PeeredNetworks): Remedy {
  const names = halves.map(({ name, virtualNetwork }) => `${networkName(network, virtualNetwork)}/${name}`);
  const unread = networks.find((key) => !network.virtualNetworks.has(key));
  const ends = halves.length > 1 ? 'at both ends' : unread === undefined ? 'at the only end it has' : 'at this end';
  const person = makerAlone(halves) ?? farSideUnknown(network, unread);
  return {
    kind: 'repair',
    title: `delete the peering ${ends}: ${names.join(' and ')}`,
    actions: halves.map(({ id }) => ({ kind: 'delete-resource', resource: keyOf(id) })),
    needsApproval: 'deleting a peering cuts off everything that uses it',
    ...(person !== undefined && { needsPerson: person }),
  };
}

/** A far side in a subscription of which nothing was read may be another tenant's. */
function farSideUnknown({ virtualNetworks }: Network, unread: ResourceKey | undefined): string | undefined {
  if (unread === undefined) return undefined;
  const subscription = `${unread.split('/').slice(0, 3).join('/')}/`;
  if ([...virtualNetworks.keys()].some((key) => key.startsWith(subscription))) return undefined;
  return `the far side, ${unread}, is in a subscription that the guardrail does not read and may belong to another tenant: ask its owner, who has to delete the other end`;
}

/** What is approved has to work: a peering that stands at one end only carries nothing, and looks as if it did. */
function brokenPeering(network: Network, topology: Topology, { networks, halves }: PeeredNetworks): Finding[] {
  const missing = networks.filter(
    (key) => network.virtualNetworks.has(key) && !halves.some(({ virtualNetwork }) => virtualNetwork === key),
  );
  const waiting = halves.filter((half) => !isConnected(half));
  if (missing.length + waiting.length === 0) return [];
  const discrepancies: Discrepancy[] = [
    ...missing.map((key) => ({ setting: `peering of ${networkName(network, key)}`, wanted: 'there', found: 'none' })),
    ...waiting.map(({ name, state }) => ({
      setting: `peeringState of ${name}`,
      wanted: 'Connected',
      found: state ?? 'unknown',
    })),
  ];
  const [one, other] = networks.map((key) => networkName(network, key));
  return [
    {
      control: ID,
      resource: (waiting[0] ?? halves[0]).id,
      severity: isHubAndSpoke(topology, ...networks) ? 'medium' : 'low',
      title: `the peering between ${one} and ${other} ${missing.length > 0 ? 'has only one end' : 'is not connected'}`,
      fingerprint: fingerprintOf(ID, 'broken', ...networks),
      evidence: { exposures: [], discrepancies },
      remedies: [],
      restsOn: [],
    },
  ];
}
