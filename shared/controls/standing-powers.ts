/** What opens a machine or rewrites what guards it, besides opening Bastion: each power with the actions that give it. */
import { type Holder, holdersOf, type Way } from '../identity/effective';
import { type Asset, type Holding, type Identity, type ObjectId, scopeKeyOf } from '../identity/identity';
import { BASTION_READS, type BastionPath, bastionPaths, wayKey } from '../identity/paths-around';
import type { Plane, Wants } from '../identity/permission-set';

interface Power {
  /** As in `can run commands on vm-app-1`. */
  readonly words: string;
  readonly wants: Wants;
  readonly on: Asset['kind'];
}

/** Any one of them is enough to get into a machine, or to give oneself or others a way in. */
const POWERS: readonly Power[] = [
  power('run commands on', 'virtual-machine', 'Microsoft.Compute/virtualMachines/runCommand/action'),
  power('run commands on', 'virtual-machine', 'Microsoft.Compute/virtualMachines/runCommands/write'),
  power('install extensions on', 'virtual-machine', 'Microsoft.Compute/virtualMachines/extensions/write'),
  power('change', 'virtual-machine', 'Microsoft.Compute/virtualMachines/write'),
  power('run configurations on', 'virtual-machine', 'Microsoft.GuestConfiguration/guestConfigurationAssignments/write'),
  power('open the serial console of', 'virtual-machine', 'Microsoft.SerialConsole/serialPorts/connect/action'),
  dataPower('sign in to', 'Microsoft.Compute/virtualMachines/login/action'),
  dataPower('sign in as administrator to', 'Microsoft.Compute/virtualMachines/loginAsAdmin/action'),
  power('change the security groups around', 'virtual-machine', 'Microsoft.Network/networkSecurityGroups/write'),
  power('make public addresses beside', 'virtual-machine', 'Microsoft.Network/publicIPAddresses/write'),
  power('change the interface', 'network-interface', 'Microsoft.Network/networkInterfaces/write'),
  power('change the Bastion host', 'bastion-host', 'Microsoft.Network/bastionHosts/write'),
  power('make shareable links of', 'bastion-host', 'Microsoft.Network/bastionHosts/createShareableLinks/action'),
  ...(['virtual-machine', 'bastion-host'] as const).flatMap((kind) => [
    power('give roles on', kind, 'Microsoft.Authorization/roleAssignments/write'),
    power('give roles on', kind, 'Microsoft.Authorization/roleAssignmentScheduleRequests/write'),
    power('give eligibility on', kind, 'Microsoft.Authorization/roleEligibilityScheduleRequests/write'),
    power('change what activation takes on', kind, 'Microsoft.Authorization/roleManagementPolicies/write'),
    power('change what roles allow on', kind, 'Microsoft.Authorization/roleDefinitions/write'),
  ]),
];

function power(words: string, on: Asset['kind'], action: string): Power {
  return { words, on, wants: { actions: [action] } };
}

function dataPower(words: string, action: string): Power {
  return { words, on: 'virtual-machine', wants: { dataActions: [action] } };
}

/** Every action by which one gets in, and on which plane: those of opening Bastion too. */
export const WAYS_IN: readonly (readonly [plane: Plane, action: string])[] = [
  ...Object.values(BASTION_READS)
    .flat()
    .map((action) => ['actions', action] as const),
  ...POWERS.flatMap(({ wants: { actions = [], dataActions = [] } }) => [
    ...actions.map((action) => ['actions', action] as const),
    ...dataActions.map((action) => ['dataActions', action] as const),
  ]),
];

/** What somebody can do by the same assignments, in words, with the names of what they can do it to. */
export interface Reach {
  readonly principal: ObjectId;
  readonly via: readonly Way[];
  /** Whether a condition on an assignment may narrow it. */
  readonly isConditional: boolean;
  /** Machines that Bastion opens to them. */
  readonly machines: ReadonlySet<string>;
  readonly powers: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Growing extends Reach {
  readonly machines: Set<string>;
  readonly powers: Map<string, Set<string>>;
}

/** Everything that is held by holdings of these kinds, one entry for each principal and set of ways. */
export function standingReach(identity: Identity, holdings: readonly Holding[] = ['assigned']): readonly Reach[] {
  const reaches = new Map<string, Growing>();
  const numberOf = wayNumbers();
  const reachOf = ({ principal, via, isConditional }: Holder | BastionPath): Growing => {
    const ways = via.length === 1 ? via.map(numberOf) : via.map(numberOf).toSorted((a, b) => a - b);
    const key = `${principal} ${ways.join(' ')}`;
    const known = reaches.get(key);
    if (known) return known;
    const fresh: Growing = { principal, via, isConditional, machines: new Set(), powers: new Map() };
    reaches.set(key, fresh);
    return fresh;
  };
  for (const path of bastionPaths(identity, holdings)) {
    const { machines } = reachOf(path);
    for (const { name } of path.machines) machines.add(name);
  }
  // Holders come from a memory: of places that differ in nothing they are the same list.
  const known = new Map<readonly Holder[], readonly Growing[]>();
  const places = placesOf(identity);
  for (const { words, wants, on } of POWERS) {
    for (const { asset, names } of places.filter((place) => place.asset.kind === on)) {
      const holders = holdersOf(identity, wants, asset.id, holdings);
      const able = known.get(holders) ?? holders.map(reachOf);
      known.set(holders, able);
      for (const { powers } of able) add(powers, words, names);
    }
  }
  return [...reaches.values()];
}

/** Gives equal ways the same number, whichever of several assignments of the same they came by. */
function wayNumbers(): (way: Way) => number {
  const byWay = new Map<Way, number>();
  const byKey = new Map<string, number>();
  return (way) => {
    const known = byWay.get(way);
    if (known !== undefined) return known;
    const key = wayKey(way);
    const number = byKey.get(key) ?? byKey.size;
    byKey.set(key, number);
    byWay.set(way, number);
    return number;
  };
}

function add(powers: Map<string, Set<string>>, words: string, names: readonly string[]): void {
  const known = powers.get(words) ?? new Set();
  for (const name of names) known.add(name);
  powers.set(words, known);
}

interface Place {
  readonly asset: Asset;
  /** Names of the assets that it stands for. */
  readonly names: string[];
}

/** One asset for all of its kind that lie below the same assignments: what holds for one holds for all of them. */
function placesOf({ assets, assignments, denyAssignments }: Identity): readonly Place[] {
  const scopes = new Set([...assignments, ...denyAssignments].map(({ scope }) => scope));
  const places = new Map<string, Place>();
  for (const asset of assets) {
    const segments = scopeKeyOf(asset.id).split('/');
    const above = segments.map((_, index) => segments.slice(0, index + 1).join('/')).filter((id) => scopes.has(id));
    const key = [asset.kind, ...above].join(' ');
    const place = places.get(key);
    if (place) place.names.push(asset.name);
    else places.set(key, { asset, names: [asset.name] });
  }
  return [...places.values()];
}
