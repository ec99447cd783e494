/** What ARM tells of one subscription: who holds which role, and what the roles are about. */
import { isObject, type JsonObject, textOf } from '../../network/json';
import type { Gap } from '../../network/network';
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
  const parts = await Promise.all(
    lists.map(async (list) => {
      const reading = readingOf(list.path, list);
      return list.path.endsWith('/virtualMachines') ? await withExtensions(arm, reading) : reading;
    }),
  );
  return { ...joined([...parts, vaults]), lists };
}

/** Only reported on, so that not seeing them stands in the way of nothing else. */
async function readVaults(arm: Authorization, scope: string): Promise<Reading> {
  const { path, items, error } = await readArmPages(arm, pathOf(`${scope}/providers/Microsoft.KeyVault/vaults`));
  const isAbsent = error?.status === 404;
  return { entries: items, gaps: error && !isAbsent ? [notRead(path, error, 'vaults-not-read')] : [] };
}

/** A machine's own JSON lists its extensions at some versions and in some answers, and in others leaves them out. */
async function withExtensions(arm: Authorization, { entries: machines, gaps }: Reading): Promise<Reading> {
  const silent = machines.filter(isObject).filter(({ resources }) => !Array.isArray(resources));
  const asked = silent.slice(0, MOST_MACHINES);
  const readings: Reading[] = [];
  let next = 0;
  let isRefused = false;
  async function work(): Promise<void> {
    for (let machine = asked[next++]; machine; machine = asked[next++]) {
      const reading = isRefused ? { entries: [machine], gaps: [] } : await readExtensions(arm, machine);
      // What is missing for one machine is missing for all: one gap says it.
      isRefused ||= reading.gaps.length > 0;
      readings.push(reading);
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, asked.length) }, work));
  const others = machines.filter((machine) => !asked.some((each) => each === machine));
  const cut = silent.length > asked.length ? [tooMany(silent.length)] : [];
  return joined([{ entries: others, gaps: [...gaps, ...cut] }, ...readings]);
}

/** Inside the machine, because a list without entries could not say whose it is: `resources: []` is that there are none. */
async function readExtensions(arm: Authorization, machine: JsonObject): Promise<Reading> {
  const { path, items, error } = await readArmPages(arm, pathOf(`${textOf(machine.id) ?? ''}/extensions`));
  // Deleted meanwhile.
  if (error?.status === 404) return { entries: [], gaps: [] };
  if (error) return { entries: [machine], gaps: [notRead(path, error, 'extensions-not-read')] };
  return { entries: [{ ...machine, resources: items }], gaps: [] };
}

function tooMany(machines: number): Gap {
  const why = `the extensions of ${MOST_MACHINES} of ${machines} machines were read; export the machines with their resources to have all of them judged`;
  return { resource: 'virtual machines', what: 'extensions-not-read', why, touchesAdminPort: false };
}
