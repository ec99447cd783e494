// Microsoft.Network/applicationSecurityGroups: names for interfaces, kept while interfaces or rules go by them.
import type { EstateView, Stored } from '../estate';
import { listAt, sameText, textAt } from '../json';
import { usersOf } from './back-references';
import { inUseError } from './in-use';
import { plainKind } from './plain-kind';

/** A rule that names the group. Looked for when the group is to go only: an estate may hold very many rules. */
function ruleNaming(id: string, estate: EstateView): string | undefined {
  for (const group of estate.all('Microsoft.Network/networkSecurityGroups')) {
    for (const rule of listAt(group.body, 'properties', 'securityRules')) {
      const named = [
        ...listAt(rule, 'properties', 'sourceApplicationSecurityGroups'),
        ...listAt(rule, 'properties', 'destinationApplicationSecurityGroups'),
      ];
      if (named.some((entry) => sameText(textAt(entry, 'id'), id))) return textAt(rule, 'id');
    }
  }
  return undefined;
}

export const applicationSecurityGroup = plainKind({
  type: 'Microsoft.Network/applicationSecurityGroups',
  checkDelete({ id }: Stored, estate: EstateView): void {
    const user = usersOf('configurationInApplicationGroup', id, estate)[0]?.id ?? ruleNaming(id, estate);
    if (user) throw inUseError('ApplicationSecurityGroup', id, user);
  },
});
