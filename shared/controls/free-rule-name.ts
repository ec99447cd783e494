/** Names for rules of our own that nobody else has taken: a rule of the same name would be overwritten. */
import { keyOf, type SecurityGroup } from '../network/network';

/** The name wanted, or the first of `name-2`, `name-3`, … that is free; names are case-insensitive in Azure. */
export function freeRuleName(group: SecurityGroup, wanted: string): string {
  const taken = new Set([...group.rules.map(({ name }) => name), ...group.unreadableRules].map(keyOf));
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(keyOf(name))) return name;
  }
}
