// A local Azure: ARM, managed identity, a little Graph and Event Grid, written from the REST contract alone.
import { textAt } from './json';
import { Hono } from 'hono';
import { directoryControl } from '../directory/control';
import { createDirectory } from '../directory/directory';
import { createGrants } from '../authorization/grants';
import { hasPlaceIn, readAuthorization } from '../authorization/load';
import { principalsOf } from '../authorization/principal';
import type { AuthorizationState } from '../authorization/state';
import { createAuthorization } from '../authorization/state';
import { answerArm } from './arm';
import { createClock } from './clock';
import { controlRoutes } from './control';
import { createEventGrid } from './delivery';
import { createEstate } from './estate';
import type { Estate } from './estate';
import type { DeadLetter } from './dead-letter';
import { operationEvent } from './event';
import type { EventSubscription } from './event-filter';
import { createFaults } from './fault-state';
import type { Faults } from './faults';
import { longestStaleness, NO_FAULTS } from './faults';
import type { Governance } from './governance';
import { answerGraph } from './graph';
import { answerIdentity } from './identity';
import type { JsonObject } from './json';
import { identityGrants } from './identity-grants';
import { inForce } from './in-force';
import type { LoadedEstate } from './load';
import { EstateError, loadEstate } from './load';
import { createLocks } from './locks';
import { createOperations } from './operations';
import { createRandom } from './random';
import { createRateLimiter } from './rate-limit';
import { createRecent } from './recent';
import type { RequestRecord } from './requests';
import { derivedGuid } from './token';
import { withFaultsAndLog } from './front';
import type { World } from './world';

export type { DeadLetter } from './dead-letter';
export type { EventSubscription } from './event-filter';
export { CUT_CONNECTION } from './front';

export interface LocalAzureOptions {
  /** ARM resources; children nested or as entries of their own. */
  readonly estate: readonly unknown[];
  /** What a deployment brings along to any estate, the first one and those of a reset. */
  readonly deployed?: (estate: readonly unknown[]) => readonly unknown[];
  /** The tenant, as in playground/estates/directory.json; default: one with nobody in it. */
  readonly directory?: unknown;
  /**
   * Roles, assignments and PIM settings beside those in the estate, as in playground/estates/authorization.json; what stands
   * in resource groups that an estate lacks is left out.
   */
  readonly authorization?: readonly JsonObject[];
  /** Default: the real clock. `POST /playground/clock` moves what is shown, not this. */
  readonly now?: () => Date;
  /** Default 1. The same seed and the same requests give the same ids, latencies and delays. */
  readonly seed?: number;
  readonly eventSubscriptions?: readonly EventSubscription[];
  /** Takes each dead letter as Event Grid would write it to a container; idle waits for it. Without it they are listed only. */
  readonly onDeadLetter?: (letter: DeadLetter) => void | Promise<void>;
  /** The role of the managed identity, as in a role definition: the faults' `rbac` holds the identity to it. */
  readonly identityRole?: unknown;
  /** The same of further managed identities, by client id; their role is theirs alone. */
  readonly identityRoles?: Readonly<Record<string, unknown>>;
  /** Holds the identities to their roles from the start, whatever the faults say. */
  readonly rbac?: boolean;
}

export interface LocalAzure {
  /** Answers ARM, Graph, the identity endpoint and the routes under /playground. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly identity: { readonly path: string; readonly header: string };
  readonly subscriptions: readonly string[];
  /** Event Grid's handshake with each function at `baseUrl`, then delivery; throws when a function does not answer it. */
  connectFunctions(baseUrl: string, key?: string): Promise<void>;
  /** Resolves when no delivery is in flight or due within 30 s. */
  deliveriesIdle(): Promise<void>;
  /** Back to the first estate, or to another one; throws EstateError, and then nothing has changed. */
  reset(estate?: readonly unknown[]): void;
  close(): Promise<void>;
}

const IDENTITY_PATH = '/msi/token';

function authorizationFrom(entries: readonly JsonObject[], now: Date): AuthorizationState {
  try {
    return readAuthorization(entries, now);
  } catch (error) {
    throw new EstateError(error instanceof Error ? error.message : String(error));
  }
}

/** Builds a local Azure that holds `options.estate`; throws EstateError or DirectoryError when one cannot be read. */
export function createLocalAzure(options: LocalAzureOptions): LocalAzure {
  const seed = options.seed ?? 1;
  const baseNow = options.now ?? (() => new Date());
  const clock = createClock(baseNow);
  const random = createRandom(seed);
  const faults = createFaults(random);
  const operations = createOperations(clock, random.guid, () => faults.active().busyStatus);
  const locks = createLocks();
  const directory = createDirectory(options.directory, clock);
  const rates = createRateLimiter(clock);
  const ofIdentities = identityGrants(options.identityRole, options.identityRoles);
  const requests = createRecent<RequestRecord>();
  const secret = derivedGuid(`identity header ${seed}`).replaceAll('-', '').toUpperCase();
  const authorization = createAuthorization(principalsOf(directory));
  const grantsNow = createGrants(authorization);
  let estate: Estate;
  let loaded: LoadedEstate;

  function load(input: readonly unknown[]): void {
    const fresh = createEstate();
    // An estate that was taken from another playground brings these along: then they stand as it says.
    const given = new Set(input.map((entry) => (textAt(entry, 'id') ?? '').toLowerCase()));
    const deployed = (options.deployed?.(input) ?? []).filter(
      (entry) => !given.has((textAt(entry, 'id') ?? '').toLowerCase()),
    );
    const next = loadEstate([...input, ...deployed], fresh, random.guid);
    const brought = (options.authorization ?? []).filter((entry) => hasPlaceIn(fresh, entry));
    // An estate begins at the unmoved clock: it is loaded before a reset moves the clock back.
    const roles = authorizationFrom([...brought, ...next.authorization], baseNow());
    loaded = next;
    estate = fresh;
    authorization.replace(roles);
    locks.replace(loaded.governance.locks);
  }

  function governance(): Governance {
    const active = faults.active();
    const isHeld = options.rbac === true || active.rbac;
    const own = isHeld ? ofIdentities : [];
    const grants = grantsNow(clock.now());
    return inForce({ ...loaded.governance, grants, locks: locks.list() }, active, own, loaded.subscriptions[0] ?? '');
  }
  load(options.estate);

  const events = createEventGrid(options.eventSubscriptions ?? [], {
    clock,
    random,
    faults,
    topic: () => `/subscriptions/${loaded.subscriptions[0] ?? ''}`,
    onDeadLetter: options.onDeadLetter,
  });
  const world: World = {
    clock,
    random,
    faults,
    operations,
    events,
    directory,
    authorization,
    locks,
    rates,
    governance,
    get estate() {
      return estate;
    },
    subscriptions: () => loaded.subscriptions,
    newEtag: () => `W/"${random.guid()}"`,
    raise: (operation) => events.raise(operationEvent(operation, random.guid(), clock.now())),
  };

  function replaceFaults(next: Faults): string | undefined {
    if (next.rbac && ofIdentities.length === 0)
      return 'Faults not changed. rbac: no role is known for the managed identity';
    faults.replace(next);
    estate.remember(longestStaleness(next));
    if (!next.events.hold) events.release();
    return undefined;
  }

  function reset(input: readonly unknown[] = options.estate): void {
    load(input);
    directory.restore(options.directory);
    clock.reset();
    operations.reset();
    events.reset();
    rates.reset();
    requests.clear();
    replaceFaults(NO_FAULTS);
  }

  const routes = new Hono();
  routes.onError((error) =>
    Response.json(
      { error: { code: 'InternalServerError', message: `The local Azure failed: ${error.message}` } },
      { status: 500 },
    ),
  );
  routes.route('/playground/directory', directoryControl(directory));
  routes.route(
    '/playground',
    controlRoutes({ world, requests, reset, notModelled: () => loaded.notModelled, replaceFaults }),
  );
  routes.all('/playground/*', (context) =>
    context.json(
      { error: { code: 'NotFound', message: `No control route ${context.req.method} ${context.req.path}.` } },
      404,
    ),
  );
  const front = withFaultsAndLog(world, requests);
  routes.all(IDENTITY_PATH, (context) => front(context.req.raw, (request) => answerIdentity(world, request, secret)));
  routes.all('/v1.0/*', (context) =>
    front(context.req.raw, (request, keep, rule) => answerGraph(world, request, keep, rule)),
  );
  routes.all('/beta/*', (context) =>
    front(context.req.raw, (request, keep, rule) => answerGraph(world, request, keep, rule)),
  );
  routes.all('*', (context) => front(context.req.raw, (request, _keep, rule) => answerArm(world, request, rule)));

  return {
    fetch: (request) => routes.fetch(request),
    identity: { path: IDENTITY_PATH, header: secret },
    get subscriptions() {
      return loaded.subscriptions;
    },
    connectFunctions: (baseUrl, key) => events.connect(baseUrl, key),
    deliveriesIdle: () => events.idle(),
    reset,
    async close() {
      events.reset();
      clock.reset();
      await events.idle();
    },
  };
}
