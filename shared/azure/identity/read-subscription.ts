/** What ARM tells of one subscription: who holds which role, and what the roles are about. */
import { isObject, textOf } from '../../network/json';
import { type ArmPages, readArmPages } from './arm-pages';
import type { Authorization } from './authorization';
import { authorizationPath, type Collection, pathOf } from './authorization-path';
import { notRead } from './not-read';
import { joined, type Reading, readingOf } from './reading';

/** Roles that can be assigned below the subscription only are not listed at it unless asked for. */
const BELOW_TOO = 'atScopeAndBelow()';

/** Without a filter each of them shows what holds at the subscription, above it and below it. */
const HELD: readonly Collection[] = [
  'roleAssignments',
  'denyAssignments',
  'roleEligibilityScheduleInstances',
  'roleAssignmentScheduleInstances',
  'roleEligibilitySchedules',
  'roleAssignmentSchedules',
  'roleEligibilityScheduleRequests',
  'roleAssignmentScheduleRequests',
];

const ASSETS = [
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Network/bastionHosts',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Network/virtualNetworks',
] as const;

/** A request for each machine that does not tell by itself what runs in it; beyond that somebody has to export them. */
const MOST_MACHINES = 200;
const PARALLEL = 8;

export interface SubscriptionReading extends Reading {
  /** The lists that failed, out of how many. */
  readonly lists: readonly ArmPages[];
}

/** Reads all lists in one wave, and then the extensions of the machines. Never throws. */
export async function readSubscription(arm: Authorization, subscriptionId: string): Promise<SubscriptionReading> {
  const scope = `/subscriptions/${subscriptionId}`;
  const paths = [
    authorizationPath(scope, 'roleDefinitions', undefined, BELOW_TOO),
    ...HELD.map((collection) => authorizationPath(scope, collection)),
    ...ASSETS.map((type) => pathOf(`${scope}/providers/${type}`)),
  ];
  const [lists, vaults] = await Promise.all([
    Promise.all(paths.map((path) => readArmPages(arm, path))),
    readVaults(arm, scope),
  ]);
  const machines = lists.find(({ path }) => path.endsWith('/virtualMachines'))?.items ?? [];
  const extensions = await readExtensions(arm, machines);
  const parts = lists.map((list) => readingOf(list.path, list));
  return { ...joined([...parts, vaults, extensions]), lists };
}

/** Only reported on, so that not seeing them stands in the way of nothing else. */
async function readVaults(arm: Authorization, scope: string): Promise<Reading> {
  const { path, items, error } = await readArmPages(arm, pathOf(`${scope}/providers/Microsoft.KeyVault/vaults`));
  const isAbsent = error?.status === 404;
  return { entries: items, gaps: error && !isAbsent ? [notRead(path, error, 'vaults-not-read')] : [] };
}

/** A machine's own JSON lists its extensions at some versions and in some answers, and in others leaves them out. */
async function readExtensions(arm: Authorization, machines: readonly unknown[]): Promise<Reading> {
  const silent = machines.flatMap((machine) => {
    const id = isObject(machine) && !Array.isArray(machine.resources) ? textOf(machine.id) : undefined;
    return id === undefined ? [] : [id];
  });
  const asked = silent.slice(0, MOST_MACHINES);
  const readings: Reading[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < asked.length; index = next++) {
      readings[index] = await readExtensionsOf(arm, asked[index] ?? '', machines);
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, asked.length) }, work));
  return joined([...readings, ...(silent.length > asked.length ? [tooMany(silent.length)] : [])]);
}

/** `resources: []` says that there are none, which no entry of its own could say. */
async function readExtensionsOf(arm: Authorization, id: string, machines: readonly unknown[]): Promise<Reading> {
  const { path, items, error } = await readArmPages(arm, pathOf(`${id}/extensions`));
  if (error?.status === 404) return { entries: [], gaps: [] };
  if (error) return { entries: items, gaps: [notRead(path, error, 'extensions-not-read')] };
  const machine = machines.find((each) => isObject(each) && each.id === id);
  return { entries: isObject(machine) ? [{ ...machine, resources: items }] : items, gaps: [] };
}

function tooMany(machines: number): Reading {
  const why = `the extensions of ${MOST_MACHINES} of ${machines} machines were read; export the machines with their resources to have all of them judged`;
  const gap = { resource: 'virtual machines', what: 'extensions-not-read', why, touchesAdminPort: false };
  return { entries: [], gaps: [gap] };
}
