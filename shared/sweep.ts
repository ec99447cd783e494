/** The sweep: every guarded subscription is looked at, for the events that never came. */
import { summaryOf, type Watch } from './receive';

/** host.json gives a function five minutes. */
const SWEEP_SECONDS = 240;

/**
 * Reconciles every configured subscription, each whatever becomes of the others. Throws, when all are done, what one of
 * them threw, or an AggregateError of several.
 */
export async function sweep({ settings, reconcile }: Watch, log: (line: string) => void): Promise<void> {
  const subscriptions = settings.guards?.includes('network') === false ? [] : settings.subscriptions;
  const looks = subscriptions.map(async (subscriptionId) => {
    const report = await reconcile({ kind: 'network', subscriptionId }, { kind: 'sweep' }, SWEEP_SECONDS);
    log(`Sweep of subscription ${subscriptionId}: ${summaryOf(report)}.`);
  });
  const results = await Promise.allSettled(looks);
  const errors: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('; '));
}

/** The same for the sign-in settings, where they are guarded. */
export async function sweepIdentity({ settings, reconcile }: Watch, log: (line: string) => void): Promise<void> {
  const { tenantId } = settings;
  if (tenantId === undefined) return;
  const report = await reconcile({ kind: 'identity', tenantId }, { kind: 'sweep' }, SWEEP_SECONDS);
  log(`Sweep of the sign-in settings of tenant ${tenantId}: ${summaryOf(report)}.`);
}
