// What governs a request: what the estate holds, and what the active faults add.
import type { Faults } from './faults';
import type { Governance, Grant } from './governance';

/** Faults are laid over an estate's governance; `grants` are the identity's own, when it is held to them. */
export function inForce(
  estate: Governance,
  faults: Faults,
  grants: readonly Grant[],
  subscription: string,
): Governance {
  const provider = `/subscriptions/${subscription}/providers/Microsoft.Authorization`;
  return {
    locks: [...estate.locks, ...faults.locks],
    grants: [...estate.grants, ...grants, ...faults.roles],
    denyAssignments: [
      ...estate.denyAssignments,
      ...faults.denyAssignments.map((deny) => ({ ...deny, id: `${provider}/denyAssignments/${deny.name}` })),
    ],
    policies: [
      ...estate.policies,
      ...faults.policies.map(({ name, displayName = name, scope, policyRule }) => ({
        name,
        displayName,
        scope,
        rule: policyRule,
        assignmentId: `${provider}/policyAssignments/${name}`,
        definitionId: `${provider}/policyDefinitions/${name}`,
      })),
    ],
  };
}
