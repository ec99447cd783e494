/** The short timer on the directory: reads its audit log since the last time, and looks only if there is a reason. */
import type { Cause } from './incident';
import { summaryOf, type Watch } from './receive';
import type { IdentityScope } from './scope';

/** An entry of the directory's audit log about Conditional Access, strengths, contexts or role settings. */
export interface AuditEntry {
  readonly id: string;
  readonly activity: string;
  /** What was touched, by name. */
  readonly target: string;
  readonly actor: string;
  /** ISO 8601. */
  readonly time: string;
}

/** The composed guardrail, as far as this timer needs it. */
export interface AuditWatch extends Watch {
  /** Entries since the mark, oldest first, at the most so many; the mark is moved only by `seen`. */
  readonly audit?: {
    since(mark: string | undefined): Promise<readonly AuditEntry[]>;
    readMark(scope: IdentityScope): Promise<string | undefined>;
    writeMark(scope: IdentityScope, mark: string): Promise<void>;
  };
}

const AUDIT_SECONDS = 100;

/**
 * Looks at the sign-in settings if the log names a change since the last time. The mark moves only after the look was
 * promised, so an entry that was read is never lost. Throws when the log cannot be read.
 */
export async function watchAudit(
  { settings, audit, reconcile }: AuditWatch,
  log: (line: string) => void,
): Promise<void> {
  const { tenantId } = settings;
  if (tenantId === undefined || !audit) return;
  const scope: IdentityScope = { kind: 'identity', tenantId };
  const mark = await audit.readMark(scope);
  const entries = await audit.since(mark);
  const last = entries.at(-1);
  if (!last) return;
  const { activity, target, actor, time } = last;
  const cause: Cause = { kind: 'audit', activity, target, actor, time };
  const report = await reconcile(scope, cause, AUDIT_SECONDS);
  await audit.writeMark(scope, last.time);
  log(`${entries.length} audit entries, the last ${activity} on ${target}: ${summaryOf(report)}.`);
}
