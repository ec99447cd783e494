/** What ARM tells of one subscription: who holds which role, and what the roles are about. */
import { isObject, type JsonObject, textOf } from '../../network/json';
import type { Gap } from '../../network/network';
import type { AzureError } from '../error';
import { type ArmPages, readArmPages } from './arm-pages';
import type { Authorization } from './authorization';
import { authorizationPath, type Collection, pathOf } from './authorization-path';
import { inParallel } from './in-parallel';
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
  let isRefused = false;
  const read = await inParallel(asked, PARALLEL, async (machine) => {
    if (isRefused) return { machine };
    const answer = await readExtensions(arm, machine);
    isRefused ||= answer.error?.status === 403;
    return answer;
  });
  const others = machines.filter((machine) => !asked.some((each) => each === machine));
  const cut = silent.length > asked.length ? [tooMany(silent.length)] : [];
  return {
    entries: [...others, ...read.flatMap(({ machine }) => machine ?? [])],
    gaps: [...gaps, ...cut, ...gapsBy(read)],
  };
}

interface Answered {
  /** Undefined for one that is gone. */
  readonly machine?: JsonObject;
  readonly path?: string;
  readonly error?: AzureError;
}

/** Inside the machine, because a list without entries could not say whose it is: `resources: []` is that there are none. */
async function readExtensions(arm: Authorization, machine: JsonObject): Promise<Answered> {
  const { path, items, error } = await readArmPages(arm, pathOf(`${textOf(machine.id) ?? ''}/extensions`));
  if (error?.status === 404) return {};
  return error ? { machine, path, error } : { machine: { ...machine, resources: items } };
}

/** What is not allowed for one machine is allowed for none: one gap says it. */
function gapsBy(answers: readonly Answered[]): Gap[] {
  const failed = answers.flatMap(({ path, error }) => (path !== undefined && error ? [{ path, error }] : []));
  const refused = failed.find(({ error }) => error.status === 403);
  const others = failed.filter(({ error }) => error.status !== 403);
  return [...(refused ? [refused] : []), ...others].map(({ path, error }) =>
    notRead(path, error, 'extensions-not-read'),
  );
}

function tooMany(machines: number): Gap {
  const why = `the extensions of ${MOST_MACHINES} of ${machines} machines were read; export the machines with their resources to have all of them judged`;
  return { resource: 'virtual machines', what: 'extensions-not-read', why, touchesAdminPort: false };
}
