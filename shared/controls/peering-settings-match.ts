/** The four settings of every approved peering are as the policy says. */
import type { Discrepancy, Finding, Remedy } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { gatewaysOf } from '../network/neighbourhood';
import { keyOf, type Network, type Peering } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Checked, NetworkControl } from './control';
import { peeredNetworks } from './peered-networks';
import { makerAlone } from './peering-maker';
import { isHubAndSpoke, mayBePeered, networkName, type Topology, topologyOf } from './topology';

const ID = 'peering-settings-match';

export const peeringSettingsMatch: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Peerings let through what the policy says, and no more',
  why: 'Three switches of a peering turn a spoke into a transit: forwarded traffic lets in what an appliance passes on from networks that are not peered, and gateway transit opens the way from on premises. The fourth takes the peer out of VirtualNetwork, and then Bastion’s own rules no longer lead there.',
  references: [
    'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering',
    'https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit',
  ],
  check,
};

const FLAGS = [
  'allowVirtualNetworkAccess',
  'allowForwardedTraffic',
  'allowGatewayTransit',
  'useRemoteGateways',
] as const;
type Flag = (typeof FLAGS)[number];
type Settings = Readonly<Record<Flag, boolean>>;

/** What lets more through is one cause, what lets less through another: only the first is safe to put right. */
type Side = 'wider' | 'narrower';

function check(network: Network, policy: AccessPolicy): Checked {
  const topology = topologyOf(network, policy);
  const findings = peeredNetworks(network)
    .filter(({ networks }) => mayBePeered(topology, ...networks))
    .flatMap(({ halves }) => halves)
    .flatMap((half) =>
      (['wider', 'narrower'] as const).flatMap((side) => {
        const wanted = wantedFor(topology, policy, half, side);
        const flags = FLAGS.filter((flag) => wanted[flag] === (side === 'narrower') && half[flag] !== wanted[flag]);
        return flags.length === 0 ? [] : [findingOf(network, topology, half, flags, side)];
      }),
    );
  return { findings, gaps: [], skipped: [] };
}

/** An approved peering without settings may let through less than Azure's defaults, never more. */
const DEFAULTS: Readonly<Record<Side, Settings>> = {
  wider: {
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
  },
  narrower: {
    allowVirtualNetworkAccess: false,
    allowForwardedTraffic: false,
    allowGatewayTransit: false,
    useRemoteGateways: false,
  },
};

/** The entry for this very pair comes before what holds for every hub and spoke. */
function wantedFor(topology: Topology, { topology: stated }: AccessPolicy, half: Peering, side: Side): Settings {
  const { virtualNetwork, remote } = half;
  const own = topology.approvalOf(virtualNetwork, remote)?.settings;
  if (own) return { ...DEFAULTS.wider, ...own };
  if (!isHubAndSpoke(topology, virtualNetwork, remote)) return DEFAULTS[side];
  return topology.roleOf(virtualNetwork) === 'hub' ? stated.hubToSpoke : stated.spokeToHub;
}

function findingOf(network: Network, topology: Topology, half: Peering, flags: readonly Flag[], side: Side): Finding {
  const name = `${networkName(network, half.virtualNetwork)}/${half.name}`;
  const discrepancies = flags.map(
    (flag): Discrepancy => ({ setting: flag, wanted: String(!half[flag]), found: String(half[flag]) }),
  );
  const isBastionsWay = isHubAndSpoke(topology, half.virtualNetwork, half.remote);
  const isRepairable = side === 'wider' || (isBastionsWay && flags.every(isAccess));
  return {
    control: ID,
    resource: half.id,
    severity: side === 'wider' || flags.some(isAccess) ? 'medium' : 'low',
    title: `${name} lets through ${side === 'wider' ? 'more' : 'less'} than the policy says: ${described(half, flags)}`,
    fingerprint: fingerprintOf(ID, side, keyOf(half.id)),
    evidence: {
      exposures: [],
      discrepancies,
      ...(side === 'wider' && { namedDoors: [half.id, ...gatewaysUsed(network, half, flags)] }),
    },
    remedies: topology.isStated && isRepairable ? [correction(half, name, flags, side)] : [],
    restsOn: topology.unplaced.map((host) => `Bastion host ${host}`),
  };
}

function described(half: Peering, flags: readonly Flag[]): string {
  return flags.map((flag) => `${flag} is ${half[flag]}`).join(', ');
}

/** The gateways whose far ends come in only because of what is switched on here. */
function gatewaysUsed(network: Network, half: Peering, flags: readonly Flag[]): string[] {
  const [borrower, lender] = flags.includes('allowGatewayTransit')
    ? [half.remote, half.virtualNetwork]
    : [half.virtualNetwork, half.remote];
  const own = network.virtualNetworks.get(borrower);
  if (!own || flags.every((flag) => flag !== 'allowGatewayTransit' && flag !== 'useRemoteGateways')) return [];
  return gatewaysOf(network, own).flatMap(({ id, virtualNetwork }) => (virtualNetwork === lender ? id : []));
}

function isAccess(flag: Flag): boolean {
  return flag === 'allowVirtualNetworkAccess';
}

/** To let more through again is left to the revert, but for the one switch without which Bastion's rules lead nowhere. */
function correction(half: Peering, name: string, flags: readonly Flag[], side: Side): Remedy {
  const person = makerAlone([half]);
  return {
    kind: 'repair',
    title: `set ${flags.map((flag) => `${flag} of ${name} to ${!half[flag]}`).join(', ')}`,
    actions: [
      {
        kind: 'edit-resource',
        resource: keyOf(half.id),
        edits: flags.map((flag) => ({ path: ['properties', flag], value: !half[flag] })),
      },
    ],
    ...(!flags.every(isAccess) && {
      needsApproval: 'gateway and forwarding settings decide about traffic of whole networks',
    }),
    ...(person !== undefined && { needsPerson: person }),
    ...(side === 'narrower' && { restoresBastion: true }),
  };
}
