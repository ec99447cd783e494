/** One case judged on the model: the pass, what a colleague does between plan and write, and what a person approves. */
import type { HeldFinding, PlannedRepair } from '../../shared/remediation/plan';
import type { Drifted } from './case';
import { wrongs } from './judge/verdict';
import { findingsIn, type Pass, passOver, policyOf } from './pass';

export interface Judged {
  /** None if all is as it should be. */
  readonly wrongs: readonly string[];
  readonly repairs: readonly PlannedRepair[];
  readonly held: readonly HeldFinding[];
}

/** Plans, applies, if asked looks again; then approves whatever waits for a word, and judges that as well. */
export function judgeOnModel({ estate, before, after: now, edits }: Drifted, looksAgain: boolean): Judged {
  const policy = policyOf(estate.policy);
  const course = { before, drifted: now, edits };
  const first = passOver(before, now, policy);
  const again = looksAgain ? passOver(before, first.after, policy).repairs : [];
  const found = wrongs({ ...course, ...first, left: findingsIn(first.after, policy) });
  const more = again.map(({ remedy }) => `a second look would still write: ${remedy.title}`);
  const approved = approvedPass(first, (fingerprints) => passOver(before, first.after, policy, fingerprints));
  const late = approved ? wrongs({ ...course, ...approved, left: findingsIn(approved.after, policy) }) : [];
  return {
    wrongs: [...found, ...more, ...late.map((wrong) => `once approved: ${wrong}`)],
    repairs: first.repairs,
    held: first.held,
  };
}

/** The first pass and what follows from a person's word, as one; undefined if nothing waits for it. */
function approvedPass(first: Pass, next: (approved: ReadonlySet<string>) => Pass): Pass | undefined {
  const waiting = first.held.filter(({ hold }) => hold.reason === 'needs-approval');
  if (waiting.length === 0) return undefined;
  const { after, repairs, held } = next(new Set(waiting.map(({ finding }) => finding.fingerprint)));
  return { after, repairs: [...first.repairs, ...repairs], held: [...first.held, ...held] };
}
