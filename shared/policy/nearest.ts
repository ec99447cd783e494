/** The name that was probably meant, for whoever misspelt one. */

/** The known name with the fewest edits from `word`, if these are few for its length; ties go to the first. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.min(MOST_EDITS, Math.ceil(word.length / 3));
  const ranked = known
    .map((name) => ({ name, edits: editsBetween(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ edits }) => edits <= most)
    .toSorted((a, b) => a.edits - b.edits);
  return ranked[0]?.name;
}

const MOST_EDITS = 4;
/** A name in a file may be of any length; nobody misspells one that much. */
const LONGEST = 100;

/** How many letters have to be put in, taken out or changed. */
function editsBetween(a: string, b: string): number {
  if (a.length > LONGEST) return LONGEST;
  let row = Array.from({ length: Array.from(b).length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(a).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(b).entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
