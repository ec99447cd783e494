/** What a worker of the model does: an event's worker promises a look and looks, a recheck's looks if there is a mark. */
import type { Cause } from '../../../shared/incident';
import type { Lease, Ports } from '../../../shared/ports';
import type { Scope } from '../../../shared/scope';

export type LookPorts = Pick<Ports, 'marks' | 'leases' | 'rechecks' | 'now' | 'pause'>;
export type Protocol = typeof import('../../../shared/look');

/** The live state, as one worker sees and mends it. */
export interface Site {
  /** Reads the state. */
  readonly observe: () => Promise<number>;
  /** Mends what was seen; true if Azure is not done with it. */
  readonly write: (seen: number) => Promise<boolean>;
}

export const SCOPE: Scope = { kind: 'network', subscriptionId: 'sub-1' };
const CAUSE: Cause = { kind: 'sweep' };

/** As `reconcile` does it. */
export async function onEvent({ promiseLook, lookWhileMarked }: Protocol, ports: LookPorts, site: Site, until: Date) {
  await promiseLook(ports, SCOPE, CAUSE);
  await lookWhileMarked(ports, SCOPE, until, (_, lease) => work(site, lease));
}

/** As the queue function does it. */
export async function onRecheck({ recheck }: Protocol, ports: LookPorts, site: Site, until: Date) {
  await recheck(ports, SCOPE, until, (_, lease) => work(site, lease));
}

async function work(site: Site, lease: Lease): Promise<{ again: boolean }> {
  const seen = await site.observe();
  if (!lease.isHeld()) throw new Error('the lease was lost');
  const again = await site.write(seen);
  return { again };
}
