/** Says whether the counts of the storm are what they have to be, and what it took. */
import { machineLine } from '../measure/machine';
import { tableLines } from '../measure/quantile';
import { countStorm, type StormCounts } from './count';
import { eventsPerGroup, groups, stormMs } from './drift';
import type { StormLogs } from './play';

const mostObservations = 5;

interface Expectation {
  readonly what: string;
  readonly count: number;
  readonly budget: string;
  readonly isMet: boolean;
}

/** The lines to print; `isRight` is false if a count is off. */
export function stormReport(logs: StormLogs): { readonly lines: readonly string[]; readonly isRight: boolean } {
  const counts = countStorm(logs);
  const expectations = expectationsOf(counts);
  return {
    lines: [
      `${counts.events} events about ${groups} drifted security groups within ${stormMs / 1000} s, under ARM's published rates`,
      machineLine(),
      '',
      ...tableLines([
        ['', 'count', 'budget', ''],
        ...expectations.map(({ what, count, budget, isMet }) => [
          what,
          String(count),
          budget,
          isMet ? 'met' : 'NOT met',
        ]),
      ]),
      '',
      `First event → last event acknowledged: ${seconds(counts.arrivedMs)}; → last group written: ${seconds(counts.repairedMs)}.`,
      `Reads: ${counts.reads}. Deliveries made again: ${counts.redelivered}.`,
    ],
    isRight: expectations.every(({ isMet }) => isMet),
  };
}

function expectationsOf(counts: StormCounts): Expectation[] {
  return [
    exactly('events raised by people', counts.events, groups * eventsPerGroup),
    exactly('events acknowledged', counts.acknowledged, groups * eventsPerGroup),
    exactly('groups repaired, everything legitimate kept', counts.repaired, groups),
    exactly('writes', counts.writes, groups),
    exactly('groups written', counts.groupsWritten, groups),
    {
      what: 'observations',
      count: counts.observations,
      budget: `≤ ${mostObservations}`,
      isMet: counts.observations <= mostObservations,
    },
    exactly('requests that ARM throttled', counts.throttled, 0),
    { what: 'alerts per channel', count: counts.alerts, budget: '≥ 1', isMet: counts.alerts >= 1 },
  ];
}

function exactly(what: string, count: number, wanted: number): Expectation {
  return { what, count, budget: `${wanted}`, isMet: count === wanted };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
