/** The brake: a guardrail that keeps writing is fighting somebody, and a person should know who. */
import { targetKeyOf } from '../action';
import type { Finding } from '../finding';
import type { ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Hold, PlannedRepair } from './plan';
import type { RecentWrite } from './restraint';

export interface BrakeInput {
  readonly policy: AccessPolicy;
  readonly recentWrites: readonly RecentWrite[];
  readonly now: Date;
}

const HOUR_MS = 60 * 60_000;
const TEN_MINUTES_MS = 10 * 60_000;
/** The rest is kept for what is grave: else whoever opens ports that nobody can reach stops the repair of one that many can. */
const FOR_ALL = 0.75;

/**
 * The hold for a repair that would be one write too many on any of its targets; `planned` are the repairs already in this
 * plan. A finding is often about one resource and put right at another: what counts is what is written.
 */
export function brake(
  { severity }: Pick<Finding, 'severity'>,
  targets: readonly ResourceKey[],
  planned: readonly PlannedRepair[],
  input: BrakeInput,
): Hold | undefined {
  const { repairsPerResourcePerHour, writesPerTenMinutes } = input.policy.breaker;
  const lately = since(input, HOUR_MS).filter(({ isPart }) => !isPart);
  for (const target of targets) {
    const count = lately.filter(({ resource }) => resource === target).length;
    if (count < repairsPerResourcePerHour) continue;
    const detail = `${target} was repaired ${count} times within an hour: somebody or some pipeline keeps undoing it; find out who before the guardrail goes on`;
    return { reason: 'breaker-open', detail };
  }
  const written = new Set(planned.flatMap((repair) => repair.remedy.actions.map(targetKeyOf)));
  const more = targets.filter((target) => !written.has(target));
  if (more.length === 0) return undefined;
  const writes = since(input, TEN_MINUTES_MS).length + written.size;
  const isGrave = severity === 'critical' || severity === 'high';
  if (writes < (isGrave ? writesPerTenMinutes : Math.ceil(writesPerTenMinutes * FOR_ALL))) return undefined;
  return {
    reason: 'breaker-open',
    detail: `${writes} writes within ten minutes: a person should look before the guardrail goes on`,
  };
}

function since({ recentWrites, now }: BrakeInput, ms: number): readonly RecentWrite[] {
  return recentWrites.filter((write) => now.getTime() - Date.parse(write.at) < ms);
}
