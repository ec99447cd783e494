/** Who can open Bastion to a machine: all it takes is reading the Bastion host, the machine and its interface. */
import { ACTIVE, type Effective, effectiveOf, type Holder, type Way } from './effective';
import { effortOf, hardestOf } from './holding';
import type { Asset, Holding, Identity, ObjectId } from './identity';
import { scopeKeyOf } from './identity';

/** The reads that connecting takes (https://learn.microsoft.com/azure/bastion/bastion-faq#roles). */
export const BASTION_READS = {
  'bastion-host': ['Microsoft.Network/bastionHosts/read'],
  'virtual-machine': ['Microsoft.Compute/virtualMachines/read'],
  'network-interface': ['Microsoft.Network/networkInterfaces/read'],
} as const;

/** Somebody who can connect through one host to these machines, whatever is still asked for at the machine itself. */
export interface BastionPath {
  readonly principal: ObjectId;
  readonly holding: Holding;
  readonly host: Asset;
  readonly machines: readonly Asset[];
  /** Ways that give the reads together, for the first of the machines; no way twice. */
  readonly via: readonly Way[];
  readonly isConditional: boolean;
}

/**
 * Everyone who can open Bastion to a machine by holdings of these kinds, one path for each principal, host and set of
 * ways. Reading the virtual network is not asked for: it is what the portal wants to find a host in a peered network.
 * Where no interface of a machine is known, reading the machine and the host is enough. Sorted by principal.
 */
export function bastionPaths(identity: Identity, holdings: readonly Holding[] = ACTIVE): readonly BastionPath[] {
  const effective = effectiveOf(identity);
  const groups = machineGroups(identity, effective, holdings);
  const hosts = identity.assets.filter(({ kind }) => kind === 'bastion-host');
  const paths = hosts.flatMap((host) => {
    const readers = holdersAt(effective, host.id, 'bastion-host', holdings);
    return groups.flatMap((group) => pathsTo(host, readers, group));
  });
  return merged(paths).toSorted((a, b) => (a.principal < b.principal ? -1 : 1));
}

type Reads = keyof typeof BASTION_READS;
type Holders = readonly Holder[];

/** Machines that the same people can read, interfaces included. */
interface MachineGroup {
  readonly machines: Asset[];
  readonly machine: Holders;
  readonly interfaces: readonly Holders[];
}

/** Holders come from a memory, so those of places that differ in nothing are the same list: that groups the machines. */
function machineGroups(identity: Identity, effective: Effective, holdings: readonly Holding[]): MachineGroup[] {
  const numbers = new Map<Holders, number>();
  const numberOf = (holders: Holders): number => {
    const number = numbers.get(holders) ?? numbers.size;
    numbers.set(holders, number);
    return number;
  };
  const groups = new Map<string, MachineGroup>();
  for (const asset of identity.assets) {
    if (asset.kind !== 'virtual-machine') continue;
    const machine = holdersAt(effective, asset.id, 'virtual-machine', holdings);
    const interfaces = (asset.interfaces ?? []).map((id) => holdersAt(effective, id, 'network-interface', holdings));
    const key = [machine, ...interfaces].map(numberOf).join(' ');
    const group = groups.get(key);
    if (group) group.machines.push(asset);
    else groups.set(key, { machines: [asset], machine, interfaces: [...new Set(interfaces)] });
  }
  return [...groups.values()];
}

function holdersAt(effective: Effective, id: string, kind: Reads, holdings: readonly Holding[]): Holders {
  return effective.holdersOf({ actions: BASTION_READS[kind] }, scopeKeyOf(id), holdings);
}

function pathsTo(host: Asset, readers: Holders, { machines, machine, interfaces }: MachineGroup): BastionPath[] {
  const byMachine = new Map(machine.map((holder) => [holder.principal, holder]));
  const byInterface = interfaces.map((holders) => new Map(holders.map((holder) => [holder.principal, holder])));
  return readers.flatMap((reader) => {
    const atMachine = byMachine.get(reader.principal);
    const atInterfaces = byInterface.flatMap((holders) => holders.get(reader.principal) ?? []);
    const atInterface = atInterfaces.toSorted((a, b) => effortOf(a.holding) - effortOf(b.holding))[0];
    if (!atMachine || (byInterface.length > 0 && !atInterface)) return [];
    const parts = [reader, atMachine, ...(atInterface ? [atInterface] : [])];
    const holding = hardestOf(reader.holding, ...parts.map((part) => part.holding));
    const isConditional = parts.some((part) => part.isConditional);
    return [{ principal: reader.principal, holding, host, machines, via: distinct(parts), isConditional }];
  });
}

function distinct(parts: Holders): Way[] {
  return [...new Set(parts.flatMap(({ via }) => via))];
}

/** The same for the same assignment reached by the same groups, whatever was asked about. */
export function wayKey({ assignment, membership }: Way): string {
  const groups = membership.map(({ group, as }) => `${as} ${group}`);
  return [assignment.holding, assignment.role, assignment.principal, assignment.scope, ...groups].join(' ');
}

/** Groups of machines that somebody reaches by the very same ways become one path. */
function merged(paths: readonly BastionPath[]): BastionPath[] {
  const numbers = new Map<Way, number>();
  const numberOf = (way: Way): number => {
    const number = numbers.get(way) ?? numbers.size;
    numbers.set(way, number);
    return number;
  };
  const known = new Map<string, BastionPath & { readonly machines: Asset[] }>();
  for (const path of paths) {
    const key = [path.principal, path.host.id, path.holding, ...path.via.map(numberOf)].join(' ');
    const before = known.get(key);
    if (before) before.machines.push(...path.machines);
    else known.set(key, { ...path, machines: [...path.machines] });
  }
  return [...known.values()];
}
