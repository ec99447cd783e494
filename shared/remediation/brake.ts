/** The brake: a guardrail that keeps writing is fighting somebody, and a person should know who. */
import type { Finding } from '../finding';
import { targetKeyOf } from '../action';
import { keyOf, type ResourceKey } from '../network/network';
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

/** The hold for a finding whose repair would be one write too many; `planned` are the repairs already in this plan. */
export function brake(finding: Finding, planned: readonly PlannedRepair[], input: BrakeInput): Hold | undefined {
  const { repairsPerResourcePerHour, writesPerTenMinutes } = input.policy.breaker;
  const resource = keyOf(finding.resource);
  const ofResource = since(input, HOUR_MS).filter((write) => write.resource === resource).length;
  if (ofResource >= repairsPerResourcePerHour) {
    const detail = `${finding.resource} was repaired ${ofResource} times within an hour: somebody or some pipeline keeps undoing it; find out who before the guardrail goes on`;
    return { reason: 'breaker-open', detail };
  }
  const written: ReadonlySet<ResourceKey> = new Set(
    planned.flatMap((repair) => repair.remedy.actions.map(targetKeyOf)),
  );
  if (written.has(resource)) return undefined;
  const writes = since(input, TEN_MINUTES_MS).length + written.size;
  if (writes < writesPerTenMinutes) return undefined;
  return {
    reason: 'breaker-open',
    detail: `${writes} writes within ten minutes: a person should look before the guardrail goes on`,
  };
}

function since({ recentWrites, now }: BrakeInput, ms: number): readonly RecentWrite[] {
  return recentWrites.filter((write) => now.getTime() - Date.parse(write.at) < ms);
}
