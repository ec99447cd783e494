/** What in a policy cannot hold together although each value on its own is valid. */
import { isObject, objectOf } from '../network/json';
import { keyOf } from '../network/network';
import { REPORT_ONLY_CONTROLS, SIGN_IN_CONTROLS } from './identity-section';
import type { PolicyData } from './policy';

export interface Contradiction {
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/**
 * Every contradiction, with its place. `written` is the file's own data: some settings contradict others only where
 * somebody wrote them, and not as a default.
 */
export function contradictionsIn(data: PolicyData, written: unknown): Contradiction[] {
  return [
    ...portsNamedTwice(data),
    ...hubsThatAreSpokes(data),
    ...impossiblePeerings(data),
    ...impossibleGateways(data),
    ...settingsWithoutEffect(data, written),
    ...breakGlassInUse(data),
    ...approversOfThemselves(data),
    ...controlsBeyondTheirReach(data),
    ...repairsWithoutBreakGlass(data),
  ];
}

function portsNamedTwice({ adminPorts }: PolicyData): Contradiction[] {
  const seen = new Set<string>();
  return adminPorts.flatMap(({ port, protocol }, index) => {
    const name = `${port}/${protocol}`;
    if (seen.has(name)) return [{ at: ['adminPorts', index], message: `${name} is named twice` }];
    seen.add(name);
    return [];
  });
}

function hubsThatAreSpokes({ topology: { hubs, spokes = [] } }: PolicyData): Contradiction[] {
  const keys = new Set(hubs.map(keyOf));
  return spokes.flatMap((spoke, index) =>
    'id' in spoke && keys.has(keyOf(spoke.id))
      ? [
          {
            at: ['topology', 'spokes', index, 'id'],
            message: 'the same network is a hub: it cannot be a spoke as well',
          },
        ]
      : [],
  );
}

function impossiblePeerings({ topology: { approvedPeerings } }: PolicyData): Contradiction[] {
  const seen = new Set<string>();
  return approvedPeerings.flatMap(({ networks }, index) => {
    const at = ['topology', 'approvedPeerings', index, 'networks'];
    const [one, other] = networks.map(keyOf).toSorted();
    if (one === other) return [{ at, message: 'a network cannot be peered with itself: give the ids of both' }];
    const pair = `${one} ${other}`;
    if (seen.has(pair)) return [{ at, message: 'the peering of these two networks is approved already, further up' }];
    seen.add(pair);
    return [];
  });
}

/** https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit */
function impossibleGateways({ topology }: PolicyData): Contradiction[] {
  return (['hubToSpoke', 'spokeToHub'] as const)
    .filter((half) => topology[half].useRemoteGateways && topology[half].allowGatewayTransit)
    .map((half) => ({
      at: ['topology', half, 'useRemoteGateways'],
      message: 'Azure refuses allowGatewayTransit and useRemoteGateways on the same half of a peering',
    }));
}

/** Where nothing is activated, what an activation would take is never asked. */
function settingsWithoutEffect({ identity }: PolicyData, written: unknown): Contradiction[] {
  if (identity.signIn === 'activation') return [];
  const section = objectOf(objectOf(written).identity);
  return ['context', 'activation', 'eligibility']
    .filter(
      (name) => section[name] !== undefined && !(isObject(section[name]) && Object.keys(section[name]).length === 0),
    )
    .map((name) => ({
      at: ['identity', name],
      message: 'it has no effect while signIn is management-api: leave it out, or set signIn to activation',
    }));
}

/** Whoever is excluded from the sign-in must not be one who may activate: they could do so without it. */
function breakGlassInUse({ identity: { breakGlass, bastionRole } }: PolicyData): Contradiction[] {
  return (bastionRole.principals ?? []).flatMap((principal, index) =>
    breakGlass.includes(principal)
      ? [
          {
            at: ['identity', 'bastionRole', 'principals', index],
            message: 'it is a break-glass account, which is excluded from the sign-in: it must not be eligible',
          },
        ]
      : [],
  );
}

function approversOfThemselves({ identity: { activation, bastionRole } }: PolicyData): Contradiction[] {
  const { approvers } = activation;
  const { principals } = bastionRole;
  if (!approvers || !principals || !approvers.every((approver) => principals.includes(approver))) return [];
  const message = 'all of them may activate the role themselves: name somebody else who approves';
  return [{ at: ['identity', 'activation', 'approvers'], message }];
}

function controlsBeyondTheirReach({ controls }: PolicyData): Contradiction[] {
  return REPORT_ONLY_CONTROLS.filter((id) => changesThings(controls[id])).map((id) => ({
    at: ['controls', id],
    message: `this control only ever reports: set it to report or off`,
  }));
}

function repairsWithoutBreakGlass({ controls, identity: { breakGlass } }: PolicyData): Contradiction[] {
  if (breakGlass.length > 0) return [];
  return SIGN_IN_CONTROLS.filter((id) => changesThings(controls[id])).map((id) => ({
    at: ['controls', id],
    message: 'a repair of sign-in can lock everybody out: name the break-glass accounts in identity.breakGlass first',
  }));
}

function changesThings(mode: string | undefined): boolean {
  return mode === 'approve' || mode === 'remediate';
}
