/** Counts what became of the findings of many cases. */
import type { HeldFinding, PlannedRepair } from '../../shared/remediation/plan';

export interface Tally {
  readonly add: (repairs: readonly Pick<PlannedRepair, 'remedy'>[], held: readonly HeldFinding[]) => void;
  readonly repaired: () => number;
  /** In words: repaired by kind of remedy, held by reason. */
  readonly line: () => string;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  let cases = 0;
  let repaired = 0;
  function note(what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return {
    add(repairs, held) {
      cases += 1;
      repaired += repairs.length;
      for (const { remedy } of repairs) note(`repaired by ${remedy.kind}`);
      for (const { hold } of held) note(`held: ${hold.reason}`);
    },
    repaired: () => repaired,
    line: () =>
      [`${cases} cases`, ...[...counts].map(([what, count]) => `${count} ${what}`).toSorted(byWords)].join(', '),
  };
}

function byWords(one: string, other: string): number {
  return one.replace(/^\d+ /, '') < other.replace(/^\d+ /, '') ? -1 : 1;
}
