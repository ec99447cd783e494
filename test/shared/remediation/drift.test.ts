/** The laws of repair over generated drifts: judged by the packet-by-packet evaluator, which knows nothing of the planner. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rewriteSecurityGroup } from '../../../shared/azure/security-group-body';
import { evaluate } from '../../../shared/controls';
import { isRuleAction, ruleNameOf } from '../../../shared/network/action';
import { keyOf } from '../../../shared/network/network';
import { readNetwork } from '../../../shared/network/read';
import type { AccessPolicy, Mode } from '../../../shared/policy/policy';
import { actionsOf, type HoldReason, type Plan } from '../../../shared/remediation/plan';
import { planRepairs } from '../../../shared/remediation/planner';
import { isSecurityGroup } from '../../oracle/arm';
import { arbitraryDriftedEstate, bastionReach, type Drift, strangersReach } from '../../oracle/drift';
import { policyWith } from '../../estate';

type Resources = Drift['after'];

const DRIFTS = Number(process.env.DRIFTS ?? 250);
/** Looking for strangers at every edge of an estate is slow: every so many drifts is enough to catch a systematic error. */
const SAMPLE = 10;
/** Why a drift of rules may be left to a person. Any other hold is a defect. */
const EXPECTED_HOLDS: readonly HoldReason[] = ['gap', 'report-only', 'not-proven'];

function policyFor(resources: Resources): AccessPolicy {
  const host = resources.find((resource) => resource.type.toLowerCase() === 'microsoft.network/bastionhosts');
  return policyWith({ bastionHosts: [host?.id] });
}

function planFor(drift: Drift, policy: AccessPolicy, ceiling: Mode): Plan {
  const before = evaluate(readNetwork(drift.before).network, policy).findings;
  const { network, gaps } = readNetwork(drift.after);
  const { findings, gaps: more } = evaluate(network, policy);
  return planRepairs({
    network,
    gaps: [...gaps, ...more],
    policy,
    ceiling,
    findings,
    baseline: before,
    orders: { approved: new Set() },
    recentWrites: [],
    now: new Date(0),
    refused: new Map(),
  });
}

/** The estate as the writer would leave it. */
function apply(resources: Resources, plan: Plan): Resources {
  const actions = actionsOf(plan).filter(isRuleAction);
  return resources.map((resource) => {
    const own = actions.filter((action) => action.securityGroup === keyOf(resource.id));
    if (own.length === 0) return resource;
    const rewriting = rewriteSecurityGroup({ ...resource }, own);
    if (rewriting.kind !== 'write') throw new Error(`nothing to write: ${JSON.stringify(rewriting)}`);
    return { ...resource, ...rewriting.body };
  });
}

/** Every rule that is not skipped and not the guardrail's own, as text that changes with any of its properties. */
function ruleTexts(resources: Resources, skipped: ReadonlySet<string>): string[] {
  return resources.filter(isSecurityGroup).flatMap((group) =>
    (group.properties.securityRules ?? []).flatMap(({ name, properties: { provisioningState: _state, ...rest } }) => {
      const key = `${keyOf(group.id)}/${name}`.toLowerCase();
      return skipped.has(key) || name.startsWith('bastion-guardrail-') ? [] : [`${key} ${JSON.stringify(rest)}`];
    }),
  );
}

describe(`over ${DRIFTS} generated drifts`, () => {
  test('what Bastion reached it reaches, nothing unnamed is changed, and what is not held is closed', () => {
    const tally: Record<string, number> = { harmless: 0, repaired: 0 };
    let count = 0;
    const property = fc.property(arbitraryDriftedEstate(), (drift) => {
      const policy = policyFor(drift.after);
      const plan = planFor(drift, policy, 'remediate');
      const repaired = apply(drift.after, plan);

      const kept = new Set(bastionReach(repaired));
      expect(bastionReach(drift.after).filter((way) => !kept.has(way))).toEqual([]);

      const named = new Set(
        plan.repairs
          .flatMap(({ remedy }) => remedy.actions.filter(isRuleAction))
          .map((action) => `${action.securityGroup}/${ruleNameOf(action)}`.toLowerCase()),
      );
      expect(ruleTexts(repaired, named)).toEqual(ruleTexts(drift.after, named));

      const holds = plan.held.map(({ hold }) => hold.reason);
      expect(holds.filter((reason) => !EXPECTED_HOLDS.includes(reason))).toEqual([]);
      if (plan.repairs.length === 0 && plan.held.length === 0) tally.harmless = (tally.harmless ?? 0) + 1;
      if (plan.repairs.length > 0) tally.repaired = (tally.repaired ?? 0) + 1;
      for (const reason of holds) tally[reason] = (tally[reason] ?? 0) + 1;

      const isAllRepaired = holds.every((reason) => reason === 'report-only');
      if (isAllRepaired) {
        const left = planFor({ ...drift, after: repaired }, policy, 'remediate');
        expect(left.repairs.map(({ remedy }) => remedy.title)).toEqual([]);
        if (count++ % SAMPLE === 0) expect(strangersReach(repaired)).toEqual([]);
      }
    });
    fc.assert(property, { numRuns: DRIFTS, seed: 20261123 });
    process.stderr.write(`drifts: ${JSON.stringify(tally)}\n`);
    expect(tally.repaired).toBeGreaterThan(DRIFTS / 10);
  });

  test('nothing is planned in report mode', () => {
    const property = fc.property(arbitraryDriftedEstate(), (drift) => {
      const plan = planFor(drift, policyFor(drift.after), 'report');
      expect(plan.repairs).toEqual([]);
    });
    fc.assert(property, { numRuns: DRIFTS / 10, seed: 20261123 });
  });
});
