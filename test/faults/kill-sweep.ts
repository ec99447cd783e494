/** The kill sweep: one repair, killed at each of its boundaries in turn, and a table of what came of it. */
import { type Boundary, type Death, dieAt, nameOf, recordBoundaries } from './kill';
import { inWorlds } from './pool';
import { tableLines } from './table';

/** Parallel steps come in another order every time: a boundary that was not met is tried again. */
const MOST_TRIES = 3;

export interface SweepResult {
  readonly deaths: readonly Death[];
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** Dies everywhere. `log` hears of every death that ends badly, with the app's own words. */
export async function sweepDeaths(worlds: number, log: (line: string) => void): Promise<SweepResult> {
  const [recorded = []] = await inWorlds(1, [undefined], (world) => recordBoundaries(world));
  const deaths = await inWorlds(worlds, recorded, async (world, boundary) => {
    const death = await dieUntilMet(world, boundary);
    if (death.verdict.problems.length > 0) for (const line of troubleLines(death)) log(line);
    return death;
  });
  return { deaths, lines: sweepLines(recorded, deaths), isGood: deaths.every(isGood) };
}

async function dieUntilMet(world: Parameters<typeof dieAt>[0], boundary: Boundary): Promise<Death> {
  for (let tries = 1; ; tries++) {
    const death = await dieAt(world, boundary);
    if (death.isMet || tries >= MOST_TRIES || death.verdict.problems.length > 0) return death;
  }
}

function isGood({ verdict }: Death): boolean {
  return verdict.problems.length === 0;
}

/** What went wrong after a death, and what the app said. */
export function troubleLines({ boundary, verdict, lines }: Death): string[] {
  return [`killed ${nameOf(boundary)}:`, ...verdict.problems.map((problem) => `  ${problem}`), ...lines.slice(-40)];
}

function sweepLines(recorded: readonly Boundary[], deaths: readonly Death[]): string[] {
  const groups = [...new Set(recorded.map(({ what }) => what.split(' ')[0] ?? ''))];
  const heading = [
    'killed at',
    'boundaries',
    'met',
    'good',
    'told twice',
    'by sweep',
    'repaired within',
    'told within',
  ];
  const rows = groups.map((group) =>
    row(
      group,
      deaths.filter(({ boundary }) => boundary.what.startsWith(`${group} `)),
    ),
  );
  return [
    ...tableLines([heading, ...rows, row('all', deaths)]),
    '"within": from the death, in the app\'s own time; 0 s: it was done by then.',
  ];
}

function row(name: string, of: readonly Death[]): string[] {
  const met = of.filter(({ isMet }) => isMet);
  return [
    name,
    String(of.length),
    String(met.length),
    String(of.filter(isGood).length),
    String(met.filter(({ verdict }) => verdict.teams > 1 || verdict.mail > 1).length),
    String(met.filter(({ sweeps }) => sweeps > 0).length),
    longest(met.map(({ secondsToRepaired }) => secondsToRepaired)),
    longest(met.map(({ secondsToTold }) => secondsToTold)),
  ];
}

function longest(seconds: readonly number[]): string {
  return `${Math.max(0, ...seconds)} s`;
}
