// Azure Policy at the door: a write or a delete that an assigned policy denies is refused before the provider sees it.
import { ArmError } from './arm-error';
import type { Policy } from './governance';
import type { JsonObject } from './json';
import { listAt, objectAt, textAt } from './json';
import { kindOf } from './kinds';
import { isRefused } from './policy-rule';
import { isWithin } from './resource-id';
import type { World } from './world';

export interface PolicyRequest {
  readonly method: string;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly body: JsonObject;
}

function namesIn(body: JsonObject | undefined, collection: string): string[] {
  return listAt(body, 'properties', collection).map((child) => textAt(child, 'name') ?? '');
}

/** The embedded children that a request takes away: those a parent's PUT leaves out, or the one that is deleted. */
function removedBy(world: World, request: PolicyRequest): string[] {
  const kind = kindOf(request.type);
  if (request.method === 'DELETE') return kind ? [] : [request.name];
  const before = world.estate.exactly(request.id)?.body;
  if (!kind || !before || request.method !== 'PUT') return [];
  return kind.children.flatMap(({ name }) => {
    // A network keeps the children that a PUT says nothing about; a security group does not.
    const isKept = kind.type === 'Microsoft.Network/virtualNetworks' && !(name in objectAt(request.body, 'properties'));
    if (isKept) return [];
    const left = new Set(namesIn(request.body, name).map((each) => each.toLowerCase()));
    return namesIn(before, name).filter((each) => !left.has(each.toLowerCase()));
  });
}

function refusal(policies: readonly Policy[], request: PolicyRequest): ArmError {
  const identifiers = policies.map((policy) => ({
    policyAssignment: { name: policy.displayName, id: policy.assignmentId },
    policyDefinition: { name: policy.displayName, id: policy.definitionId },
  }));
  const additionalInfo = policies.map((policy) => ({
    type: 'PolicyViolation',
    info: {
      policyDefinitionDisplayName: policy.displayName,
      policyDefinitionId: policy.definitionId,
      policyDefinitionName: policy.name,
      policyDefinitionEffect: policy.rule.effect,
      policyAssignmentId: policy.assignmentId,
      policyAssignmentName: policy.assignmentId.split('/').at(-1),
      policyAssignmentDisplayName: policy.displayName,
      policyAssignmentScope: policy.scope,
      policyAssignmentParameters: {},
    },
  }));
  return new ArmError(
    403,
    'RequestDisallowedByPolicy',
    `Resource '${request.name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`,
    undefined,
    {},
    { target: request.name, additionalInfo },
  );
}

/** Refuses with 403, naming every policy that denies the request; throws ArmError. */
export function checkPolicies(world: World, request: PolicyRequest): void {
  const { policies } = world.governance();
  if (policies.length === 0) return;
  const isDelete = request.method === 'DELETE';
  const standing = world.estate.exactly(request.id)?.body ?? {};
  const written = isDelete ? standing : request.method === 'PATCH' ? { ...standing, ...request.body } : request.body;
  const resource = { ...written, id: request.id, type: request.type, name: request.name };
  const subject = { resource, removed: removedBy(world, request) };
  const denying = policies.filter(
    (policy) => isWithin(request.id, policy.scope) && isRefused(policy.rule, subject, isDelete),
  );
  if (denying.length > 0) throw refusal(denying, request);
}
