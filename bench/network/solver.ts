/** The same question put to Z3, in the and/or form that firewall verifiers use. */
import { init } from 'z3-solver';
import type { AddressSet } from '../../shared/network/address';
import type { Intervals } from '../../shared/network/interval';
import type { ResolvedRule } from '../../shared/network/security-group';

export type Z3 = Awaited<ReturnType<typeof init>>;

export interface SolverAnswer {
  readonly isReached: boolean;
  /** Milliseconds of `check` alone: neither building nor parsing the formula counts. */
  readonly milliseconds: number;
}

/**
 * Whether any IPv4 source outside `allowed` gets through the rules. First match as one formula, from the last rule up:
 * an Allow is `match or rest`, a Deny is `not match and rest`.
 */
export async function askSolver(z3: Z3, rules: readonly ResolvedRule[], allowed: AddressSet): Promise<SolverAnswer> {
  const { Solver } = z3.Context('main');
  const solver = new Solver();
  const definitions = ['(define-fun r0 () Bool false)'];
  rules.toReversed().forEach(({ rule, sources }, index) => {
    const match = within(sources.ipv4);
    const body = rule.access === 'allow' ? `(or ${match} r${index})` : `(and (not ${match}) r${index})`;
    definitions.push(`(define-fun r${index + 1} () Bool ${body})`);
  });
  solver.fromString(
    `(declare-const s (_ BitVec 32))\n${definitions.join('\n')}\n(assert (and r${rules.length} (not ${within(allowed.ipv4)})))`,
  );
  const start = performance.now();
  const answer = await solver.check();
  return { isReached: answer === 'sat', milliseconds: performance.now() - start };
}

function within(intervals: Intervals<number>): string {
  const parts = intervals.map(([low, high]) => `(and (bvule ${bits(low)} s) (bvule s ${bits(high)}))`);
  if (parts.length === 0) return 'false';
  return parts.length === 1 ? (parts[0] ?? 'false') : `(or ${parts.join(' ')})`;
}

function bits(value: number): string {
  return `#x${value.toString(16).padStart(8, '0')}`;
}
