/** Plays many schedules and tells what came of them. */
import type { Played } from './play';
import { play } from './play';
import { inWorlds } from './pool';
import { scheduleOf } from './schedule';
import { tableLines } from './table';

export interface PlayResult {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** One schedule per seed. `log` hears of every one that ends badly: the seed, the schedule, and the app's own words. */
export async function playAll(
  worlds: number,
  seeds: readonly number[],
  log: (line: string) => void,
): Promise<PlayResult> {
  const all = await inWorlds(worlds, seeds, async (world, seed) => {
    const played = await play(world, scheduleOf(seed));
    if (played.verdict.problems.length > 0) for (const line of badDay(played)) log(line);
    return played;
  });
  return { lines: reportLines(all), isGood: all.every(({ verdict }) => verdict.problems.length === 0) };
}

/** A bad day in full, for whoever has to find out why. */
export function badDay({ schedule, verdict, struck, kills, lines }: Played): string[] {
  return [
    `SEED=${schedule.seed} npm run faults plays it again: ${JSON.stringify(schedule)}`,
    ...verdict.problems.map((problem) => `  ${problem}`),
    `  killed ${kills} times; went wrong: ${struck.join(', ') || 'nothing'}`,
    ...lines.slice(-60),
  ];
}

function reportLines(all: readonly Played[]): string[] {
  const remediate = all.filter(({ schedule }) => schedule.mode === 'remediate');
  const [lost, delivered] = [remediate.filter(isEventLost), remediate.filter((played) => !isEventLost(played))];
  return tableLines([
    ['schedules', 'count', 'good', 'faults', 'kills', 'by sweep', 'incidents', 'writes', 'alerts'],
    row('repairing', delivered),
    row('repairing, event lost', lost),
    row(
      'report only',
      all.filter(({ schedule }) => schedule.mode === 'report'),
    ),
    row('all', all),
  ]);
}

function isEventLost({ schedule }: Played): boolean {
  return schedule.events.drop > 0;
}

function row(name: string, of: readonly Played[]): string[] {
  return [
    name,
    String(of.length),
    String(of.filter(({ verdict }) => verdict.problems.length === 0).length),
    sum(of, ({ struck }) => struck.length),
    sum(of, ({ kills }) => kills),
    String(of.filter(({ sweeps }) => sweeps > 0).length),
    sum(of, ({ verdict }) => verdict.statuses.length),
    sum(of, ({ verdict }) => verdict.writes),
    sum(of, ({ verdict }) => verdict.teams + verdict.mail),
  ];
}

function sum(of: readonly Played[], pick: (played: Played) => number): string {
  return String(of.reduce((total, each) => total + pick(each), 0));
}
