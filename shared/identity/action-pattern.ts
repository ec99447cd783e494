/** Patterns of actions as role definitions write them: `*` stands for any text, and casing does not count. */

/**
 * Whether the pattern allows the action. A wildcard in `action` is taken as plain text, so a pattern that matches it
 * allows everything that the wildcard may stand for.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions-format
 */
export function matchesAction(pattern: string, action: string): boolean {
  return matches(pattern.toLowerCase(), action.toLowerCase());
}

/** Goes back to the last wildcard only: no pattern, however it is written, takes longer than both lengths multiplied. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = index;
    } else if (pattern[at] === text[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resumeAt;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Whether some action exists that both patterns allow. */
export function actionsOverlap(one: string, other: string): boolean {
  if (!other.includes('*')) return matchesAction(one, other);
  if (!one.includes('*')) return matchesAction(other, one);
  return overlap(one.toLowerCase(), other.toLowerCase());
}

/** Row by row: `row[j]` tells whether what is left of `one` from i and of `other` from j can come to the same text. */
function overlap(one: string, other: string): boolean {
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j--) {
      const a = one[i];
      const b = other[j];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === '*') row[j] = below[j] === true || (b !== undefined && row[j + 1] === true);
      else if (b === '*') row[j] = row[j + 1] === true || (a !== undefined && below[j] === true);
      else row[j] = a !== undefined && a === b && below[j + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}
