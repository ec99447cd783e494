/** The one place that orders the steps: observe, evaluate, plan, prove, apply, look again, record, tell. */
import { deliver, deliverAll, settle } from './deliver';
import type { Finding } from './finding';
import type { Cause, Incident } from './incident';
import { type Looked, lookWhileMarked, promiseLook, recheck, type Worked } from './look';
import type { Gap } from './network/network';
import type { AccessPolicy, Mode } from './policy/policy';
import type { Lease, Mark, Ports } from './ports';
import { runOnce } from './run';
import { nameOfScope, type Scope } from './scope';

export interface Context {
  readonly policy: AccessPolicy;
  /** The most that any control may do. */
  readonly ceiling: Mode;
  /** The subscriptions that are guarded: each judges its own network. */
  readonly guarded?: readonly string[];
}

/** How the last look of a call ended. `incident` is there if there was anything new to record. */
export interface RunReport {
  readonly looked: Looked;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly incident?: Incident;
}

/** How long after an incident was closed its own run is trusted to deliver the alert, in milliseconds. */
const OWN_DELIVERY_MS = 20_000;

/**
 * Brings one scope into line with the policy, whatever it was that made us look. Safe to call at any time and any
 * number of times: it decides from the live state alone. Returns once the promise stands that somebody looks, which is
 * when an event may be acknowledged; usually the look is over then. Throws when it should be called again.
 */
export async function reconcile(
  ports: Ports,
  context: Context,
  scope: Scope,
  cause: Cause,
  until: Date,
): Promise<RunReport> {
  await promiseLook(ports, scope, cause);
  return await telling(ports, scope, async (outgoing) => {
    const looks = lookout(ports, context, scope, until, outgoing);
    const looked = await lookWhileMarked(ports, scope, until, looks.work);
    return {
      looked,
      findings: looks.last()?.findings ?? [],
      gaps: looks.last()?.gaps ?? [],
      ...incidentOf(looks.last()),
    };
  });
}

/** Looks at a scope again if its mark is still up: for the queue. Never throws for what another try may mend. */
export async function reconcileAgain(ports: Ports, context: Context, scope: Scope, until: Date): Promise<void> {
  await telling(ports, scope, async (outgoing) => {
    const problem = await recheck(ports, scope, until, lookout(ports, context, scope, until, outgoing).work);
    if (problem !== undefined) ports.log(`Another look at ${nameOfScope(scope)} failed and is put off: ${problem}`);
  });
}

interface Lookout {
  readonly work: (mark: Mark, lease: Lease) => Promise<Worked>;
  readonly last: () => Pick<RunReport, 'findings' | 'gaps' | 'incident'> | undefined;
}

function lookout(ports: Ports, context: Context, scope: Scope, until: Date, { tell, unsent }: Outgoing): Lookout {
  let last: Pick<RunReport, 'findings' | 'gaps' | 'incident'> | undefined;
  return {
    async work(mark, lease) {
      const run = await runOnce(ports, { ...context, scope, causes: mark.causes, lease, until, unsent });
      // The next look of the same call usually sees the echo of our own write: what was found stays the news.
      last = run.incident || !last?.incident ? run : { ...run, incident: last.incident };
      if (run.incident && run.incident.status !== 'open') tell(run.incident);
      return { again: run.again };
    },
    last: () => last,
  };
}

function incidentOf(run: Pick<RunReport, 'incident'> | undefined): Pick<RunReport, 'incident'> {
  return run?.incident ? { incident: run.incident } : {};
}

/** The alerts of one call: what was due before it, and what it has to say itself. */
interface Outgoing {
  readonly unsent: () => Promise<readonly Incident[]>;
  readonly tell: (incident: Incident) => void;
}

/**
 * Delivers what earlier runs left unsent while `work` goes on, and what `work` has to tell afterwards, whatever became
 * of it. An alert that cannot be delivered is in the outbox already: nothing is lost, and no event is held up by it.
 */
async function telling<R>(ports: Ports, scope: Scope, work: (outgoing: Outgoing) => Promise<R>): Promise<R> {
  const news: Incident[] = [];
  const unsent = ports.journal.unsent(scope);
  const backlog = settle(deliverBacklog(ports, unsent));
  try {
    return await work({
      unsent: () => unsent,
      tell(incident) {
        news.push(incident);
      },
    });
  } finally {
    for (const incident of news) logIf(ports, await settle(deliver(ports, incident)));
    logIf(ports, await backlog);
  }
}

async function deliverBacklog(ports: Ports, unsent: Promise<readonly Incident[]>): Promise<void> {
  const settled = ports.now().getTime() - OWN_DELIVERY_MS;
  await deliverAll(
    ports,
    (await unsent).filter(({ closedAt, openedAt }) => Date.parse(closedAt ?? openedAt) < settled),
  );
}

function logIf(ports: Ports, problem: string | undefined): void {
  if (problem !== undefined) ports.log(`${problem}; it stays in the outbox`);
}
