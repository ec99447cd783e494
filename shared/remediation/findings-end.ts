/** The two facts of a proof about findings: the one in question ends, and no other begins. */
import { evaluate } from '../controls';
import type { Accepted } from '../controls/accepted';
import type { Finding } from '../finding';
import { keyOf, type Network, type ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { ProofFact } from './plan';

/**
 * Evaluates both networks; with `groups`, only what these security groups have a part in, unless the finding is about
 * something else: what was not looked at has not ended.
 */
export function findingsEnd(
  before: Network,
  after: Network,
  finding: Finding,
  policy: AccessPolicy,
  accepted: Accepted | undefined,
  groups?: ReadonlySet<ResourceKey>,
): readonly ProofFact[] {
  const focus = groups?.has(keyOf(finding.resource)) ? groups : undefined;
  const there = evaluate(after, policy, focus, accepted).findings;
  const remains = there.some((other) => other.fingerprint === finding.fingerprint);
  const ends: ProofFact = {
    claim: 'the finding ends',
    holds: !remains,
    detail: remains ? 'the same finding would still be there' : 'the same evaluation no longer finds it',
  };
  // Another cause that lets the same traffic through is uncovered, not made: it is planned for next.
  const others = there.filter(({ control, fingerprint }) => control !== finding.control && fingerprint !== '');
  if (remains || others.length === 0) return [ends, NO_NEW];
  const known = new Set(evaluate(before, policy, focus, accepted).findings.map(({ fingerprint }) => fingerprint));
  const [made] = others.filter(({ fingerprint }) => !known.has(fingerprint));
  return made ? [ends, { ...NO_NEW, holds: false, detail: `it would make another: ${made.title}` }] : [ends, NO_NEW];
}

const NO_NEW: ProofFact = { claim: 'no other finding begins', holds: true, detail: 'every control was asked again' };
