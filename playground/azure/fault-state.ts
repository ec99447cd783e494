// The faults that are active, and which of them a request meets.
import type { Asked } from './fault-schedule';
import { createFaultSchedule } from './fault-schedule';
import type { FaultRule, Faults } from './faults';
import { NO_FAULTS } from './faults';
import type { Random } from './random';

export interface Met {
  readonly rule: FaultRule;
  /** For the record: the scheduled kind, or `rule`. */
  readonly name: string;
}

export interface FaultState {
  readonly active: () => Faults;
  readonly replace: (faults: Faults) => void;
  /** The fault that a request meets, counted as used. */
  readonly take: (asked: Asked) => Met | undefined;
  /** A latency in milliseconds, varied by the jitter. */
  readonly latency: (kind: 'read' | 'write') => number;
}

function concerns(match: FaultRule['match'], { method, path, actor }: Asked): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.path !== undefined && !new RegExp(match.path, 'i').test(path)) return false;
  return match.actor === undefined || match.actor === actor;
}

/** No faults to begin with. */
export function createFaults(random: Random): FaultState {
  let faults = NO_FAULTS;
  let left = new Map<FaultRule, number>();
  let strike: ReturnType<typeof createFaultSchedule> | undefined;

  function byRule(asked: Asked): FaultRule | undefined {
    for (const candidate of faults.rules) {
      const remaining = left.get(candidate) ?? 0;
      if (remaining <= 0 || !concerns(candidate.match, asked)) continue;
      if (candidate.probability !== undefined && random.number() >= candidate.probability) continue;
      left.set(candidate, remaining - 1);
      return candidate;
    }
    return undefined;
  }

  return {
    active: () => faults,
    replace(next) {
      faults = next;
      left = new Map(next.rules.map((each) => [each, each.times ?? Number.POSITIVE_INFINITY]));
      strike = next.schedule ? createFaultSchedule(next.schedule) : undefined;
    },
    take(asked) {
      const rule = byRule(asked);
      if (rule) return { rule, name: 'rule' };
      if (!faults.schedule || !concerns(faults.schedule.match, asked)) return undefined;
      const struck = strike?.(asked);
      return struck ? { rule: struck.rule, name: struck.kind } : undefined;
    },
    latency(kind) {
      const { jitter, [kind]: ms } = faults.latencyMs;
      return ms === 0 ? 0 : Math.round(ms * (1 + jitter * (2 * random.number() - 1)));
    },
  };
}
