/** What is left when a run is over: what people have been told, and the state that counts as accepted. */
import type { Finding } from './finding';
import { judgeStored } from './judge';
import type { Gap } from './network/network';
import type { AccessPolicy } from './policy/policy';
import type { Ports, Snapshot } from './ports';
import { insistOnLease, type RunInput } from './progress';
import type { Scope } from './scope';
import { unaskedKeys } from './sight';
import { type Tellable, toldOf } from './told';

/** Judging a large baseline takes as long as judging the estate: what it shows is remembered by its identity. */
const judged = new WeakMap<
  readonly unknown[],
  { readonly policyHash: string; readonly findings: readonly Finding[] }
>();

/**
 * Remembers what has been told, and takes the state as the new baseline unless drift is still in it. Of a state that
 * was not fully read nothing is forgotten, and it never becomes a baseline. Throws `RetryableError` if the lease is lost.
 */
export async function settleScope(
  ports: Ports,
  input: RunInput,
  { scope, resources }: Snapshot,
  seen: Tellable,
  known: ReadonlySet<string>,
): Promise<void> {
  const { findings, gaps, held } = seen;
  const isAll = isWhole(gaps);
  const kept = isAll ? unaskedKeys(input.causes).filter((key) => known.has(key)) : known;
  const told = new Set([...toldOf(seen, known), ...kept]);
  insistOnLease(input);
  if (!sameMembers(told, known)) await ports.journal.setKnown(scope, told);
  if (!isAll) return;
  const standing = new Set(
    held.filter(({ hold }) => hold.reason === 'standing').map(({ finding }) => finding.fingerprint),
  );
  const hasDrift = findings.some((finding) => !standing.has(finding.fingerprint));
  const isFirstLook = (await ports.baselines.load(scope)) === undefined;
  if (!isFirstLook && hasDrift) return;
  insistOnLease(input);
  await ports.baselines.accept(scope, resources);
  judged.set(resources, { policyHash: input.policy.hash, findings });
}

/** Whether everything could be read: only then does anything follow from what is not there. */
export function isWhole(gaps: readonly Gap[]): boolean {
  return gaps.every((gap) => gap.what !== 'not-read');
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}

/** What the accepted state shows under today's policy; not asked for when there is nothing to compare. */
export async function baselineFindings(
  ports: Ports,
  policy: AccessPolicy,
  scope: Scope,
  findings: readonly Finding[],
): Promise<readonly Finding[] | undefined> {
  if (findings.length === 0) return [];
  return acceptedFindings(scope, await ports.baselines.load(scope), policy, ports.now());
}

/** The same for a state that has been loaded; undefined if nothing has been accepted yet. */
export function acceptedFindings(
  scope: Scope,
  resources: readonly unknown[] | undefined,
  policy: AccessPolicy,
  now: Date,
): readonly Finding[] | undefined {
  if (!resources) return undefined;
  const last = judged.get(resources);
  if (last?.policyHash === policy.hash) return last.findings;
  const { findings } = judgeStored(scope, resources, policy, now);
  judged.set(resources, { policyHash: policy.hash, findings });
  return findings;
}
