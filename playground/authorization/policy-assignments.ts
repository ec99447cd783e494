// Which settings hold for a role at a scope, with their rules expanded.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';
import { page } from '../azure/page';
import type { Asked } from './asked';
import { pathAt } from './authorization-path';
import { modifierView, policiesAsked, policyOf } from './management-policies';
import type { RoleDefinition } from './role';
import { assignableAt, roleReference, roleView } from './role-definitions';
import { scopeView } from './scope';
import type { RolePolicy } from './state';

function nameOf(policy: RolePolicy): string {
  return `${policy.name}_${policy.role}`;
}

function assignmentView(policy: RolePolicy, role: RoleDefinition): JsonObject {
  const { scope, rules, effectiveRules, lastModifiedOn } = policy;
  const policyId = pathAt(scope, 'roleManagementPolicies', policy.name);
  return {
    properties: {
      scope,
      roleDefinitionId: roleReference(role, scope),
      policyId,
      effectiveRules: effectiveRules ?? rules,
      policyAssignmentProperties: {
        scope: scopeView(scope),
        roleDefinition: roleView(role, scope),
        policy: { id: policyId, lastModifiedBy: modifierView(policy), lastModifiedDateTime: lastModifiedOn ?? null },
      },
    },
    name: nameOf(policy),
    // The service writes this type in the singular.
    id: pathAt(scope, 'roleManagementPolicyAssignment', nameOf(policy)),
    type: 'Microsoft.Authorization/RoleManagementPolicyAssignment',
  };
}

export function listPolicyAssignments(asked: Asked): Answer {
  return page(asked.world, asked.call, policiesAsked(asked), ({ policy, role }) => assignmentView(policy, role));
}

export function getPolicyAssignment({ state, path }: Asked): Answer {
  for (const role of assignableAt(state, path.scope)) {
    const policy = policyOf(state, path.scope, role.name);
    if (sameText(nameOf(policy), path.name)) return { status: 200, body: assignmentView(policy, role) };
  }
  throw new ArmError(
    404,
    'RoleManagementPolicyAssignmentNotFound',
    `The role management policy assignment '${path.name ?? ''}' was not found at scope '${path.scope}'.`,
  );
}
