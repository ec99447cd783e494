/** A blueprint as raw ARM JSON, and the policy under which it is clean. */
import { bastionHostId, bastionPrefix, type Home, networkResource, virtualNetworkId } from '../arm-id';
import type { EstateBlueprint } from '../blueprint';
import { machineAddressId } from './machine';
import { type BuiltNetwork, buildHub, buildSpoke } from './network';
import type { Resource } from './resource';

export interface GeneratedEstate {
  readonly resources: readonly Resource[];
  readonly locks: readonly Resource[];
  /** The policy file's content, as data. */
  readonly policy: Readonly<Record<string, unknown>>;
}

const CONTROLS = [
  'admin-ports-only-from-bastion',
  'bastion-reaches-vms',
  'public-ip-only-where-approved',
  'inbound-nat-avoids-admin-ports',
  'peering-only-approved',
  'peering-settings-match',
  'subnet-has-nsg',
  'bastion-nsg-complete',
  'bastion-subnet-valid',
  'bastion-host-hardened',
];

const ANSWERED_FOR = { owner: 'platform team', reviewBy: '2999-12-31' };

/** Hubs come first, and each spoke is joined to one of them; two hubs are joined by a peering that the policy names. */
export function buildEstate(blueprint: EstateBlueprint): GeneratedEstate {
  const { hubs, spokes, subscriptions } = blueprint;
  const all = [...hubs, ...spokes].map(({ subscription }, network) => ({
    network,
    subscription: subscription % subscriptions,
  }));
  const hubHomes = all.slice(0, hubs.length);
  const spokeHomes = all.slice(hubs.length);
  const prefixes = hubHomes.map(({ network }) => bastionPrefix(network));
  const hubOf = (at: number): Home => nth(hubHomes, (spokes[at]?.hub ?? 0) % hubHomes.length);
  const built = [
    ...hubs.map((hub, at) => buildHub(nth(hubHomes, at), hub, prefixes)),
    ...spokes.map((spoke, at) => buildSpoke(nth(spokeHomes, at), spoke, [bastionPrefix(hubOf(at).network)])),
  ];
  const pairs = [
    ...spokeHomes.map((home, at) => [hubOf(at), home] as const),
    ...hubHomes.slice(1).map((home) => [nth(hubHomes, 0), home] as const),
  ];
  return {
    resources: built.flatMap((each, at) => withPeerings(each, nth(all, at), pairs)),
    locks: spokes.flatMap(({ lock }, at) => lockOn(nth(spokeHomes, at), lock)),
    policy: policyFor(blueprint, hubHomes, spokeHomes),
  };
}

function nth<T>(list: readonly T[], at: number): T {
  const found = list[at];
  if (found === undefined) throw new RangeError(`there is no ${at} among ${list.length}`);
  return found;
}

type Pair = readonly [Home, Home];

function withPeerings({ network, others }: BuiltNetwork, home: Home, pairs: readonly Pair[]): Resource[] {
  const far = pairs.flatMap(([one, other]) => (one === home ? other : other === home ? one : []));
  const virtualNetworkPeerings = far.map((remote) => ({
    name: `to-${remote.network}`,
    properties: {
      remoteVirtualNetwork: { id: virtualNetworkId(remote) },
      remoteAddressSpace: { addressPrefixes: [`10.${remote.network}.0.0/16`] },
      remoteVirtualNetworkAddressSpace: { addressPrefixes: [`10.${remote.network}.0.0/16`] },
      peeringState: 'Connected',
      peeringSyncLevel: 'FullyInSync',
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
    },
  }));
  return [{ ...network, properties: { ...(network.properties as Resource), virtualNetworkPeerings } }, ...others];
}

function lockOn(home: Home, lock: EstateBlueprint['spokes'][number]['lock']): Resource[] {
  const scopes = {
    none: undefined,
    group: networkResource(home, 'networkSecurityGroups', `nsg-${home.network}-0`),
    network: virtualNetworkId(home),
    interfaces: networkResource(home, 'networkInterfaces', 'nic-0-0'),
  };
  const scope = scopes[lock];
  if (scope === undefined) return [];
  const id = `${scope}/providers/Microsoft.Authorization/locks/keep`;
  return [{ id, name: 'keep', type: 'Microsoft.Authorization/locks', properties: { level: 'ReadOnly' } }];
}

function policyFor(
  { hubs, spokes }: EstateBlueprint,
  hubHomes: readonly Home[],
  spokeHomes: readonly Home[],
): GeneratedEstate['policy'] {
  const all = [...hubHomes, ...spokeHomes];
  const approved = [...hubs, ...spokes].flatMap(({ subnets }, at) =>
    subnets.flatMap(({ hasApprovedAddress, machines }, subnet) =>
      hasApprovedAddress && machines > 0 ? machineAddressId({ home: nth(all, at), subnet, at: 0 }) : [],
    ),
  );
  return policyOver(hubHomes, spokeHomes, approved);
}

const MOST_NETWORKS = 30;

/** The policy for every estate with two hubs, one in each of the first two subscriptions, and spokes in either. */
export function policyForAny(): GeneratedEstate['policy'] {
  const hubHomes = [0, 1].map((at): Home => ({ network: at, subscription: at }));
  const numbers = Array.from({ length: MOST_NETWORKS }, (_, network) => network);
  const homes = numbers.flatMap((network) => [0, 1].map((subscription): Home => ({ network, subscription })));
  const spokeHomes = homes.filter(({ network }) => network > 1);
  const approved = homes.flatMap((home) => [0, 1, 2].map((subnet) => machineAddressId({ home, subnet, at: 0 })));
  return policyOver(hubHomes, spokeHomes, approved);
}

function policyOver(
  hubHomes: readonly Home[],
  spokeHomes: readonly Home[],
  approved: readonly string[],
): GeneratedEstate['policy'] {
  return {
    version: 1,
    bastionHosts: hubHomes.map(bastionHostId),
    topology: {
      spokes: spokeHomes.map((home) => ({ id: virtualNetworkId(home) })),
      approvedPeerings: hubHomes.slice(1).map((home) => ({
        networks: [virtualNetworkId(nth(hubHomes, 0)), virtualNetworkId(home)],
        ...ANSWERED_FOR,
      })),
    },
    publicIps: { approved: approved.map((id) => ({ id, ...ANSWERED_FOR })) },
    bastion: { fileTransfer: false, connectByAddress: false, client: 'native' },
    controls: Object.fromEntries(CONTROLS.map((id) => [id, 'remediate'])),
    breaker: { repairsPerResourcePerHour: 20, writesPerTenMinutes: 100 },
  };
}
