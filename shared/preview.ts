/** What would be done about a scope if it were looked at now: the plan with its proofs and holds, and nothing done. */
import { judge } from './judge';
import type { Finding } from './finding';
import type { Gap } from './network/network';
import type { AccessPolicy, Mode } from './policy/policy';
import type { Ports } from './ports';
import type { Plan } from './remediation/plan';
import { planFor } from './plan-for';
import type { Scope } from './scope';
import { acceptedFindings } from './settle';

export interface Preview {
  readonly scope: Scope;
  readonly takenAt: Date;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly plan: Plan;
  /** Who halted all writes and why, if somebody did. */
  readonly halted?: string;
}

interface Rules {
  readonly policy: AccessPolicy;
  /** The most that any control may do. */
  readonly ceiling: Mode;
  readonly guarded?: readonly string[];
}

/** Observes, evaluates and plans as a run does, without a lease, a mark or a record. */
export async function preview(ports: Ports, { policy, ceiling, guarded = [] }: Rules, scope: Scope): Promise<Preview> {
  const [snapshot, orders, recentWrites] = await Promise.all([
    ports.tenant.observe(scope, policy.bastionHosts),
    ports.orders.read(scope),
    ports.recentWrites.list(scope),
  ]);
  const { takenAt } = snapshot;
  const { findings, gaps: unknown } = judge(snapshot, policy, guarded);
  const gaps = [...snapshot.gaps, ...unknown];
  const now = ports.now();
  const accepted = findings.length === 0 ? undefined : await ports.baselines.load(scope);
  const baseline = findings.length === 0 ? [] : acceptedFindings(scope, accepted, policy, now);
  const known = { policy, ceiling, gaps, findings, baseline, ...(accepted && { accepted }), orders, recentWrites };
  const plan = planFor(snapshot, { ...known, guarded, causes: [], refused: new Map(), now });
  return { scope, takenAt, findings, gaps, plan, ...(orders.halted !== undefined && { halted: orders.halted }) };
}
