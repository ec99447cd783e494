// /identity/conditionalAccess/policies: list, read, create, change, delete.
import type { JsonObject } from '../azure/json';
import { isObject, textAt } from '../azure/json';
import { audited } from './audit';
import type { GraphAnswer, GraphCall } from './graph-call';
import { contextUrl, parameter } from './graph-call';
import { notFound } from './graph-error';
import { entityAnswer, listAnswer } from './list';
import { completePolicy, patched, writablePart } from './policy-shape';
import { checkPolicy } from './policy-validation';
import type { DirectoryState, Entity } from './state';
import { find, withEntity, withoutEntity } from './state';

const SHAPE = {
  place: 'identity/conditionalAccess/policies',
  filterable: ['id', 'displayName', 'state', 'createdDateTime', 'modifiedDateTime'],
};

/** A policy as it is answered: what is kept as a reference to a strength is shown as the strength of today. */
export function showPolicy(state: DirectoryState, policy: Entity): JsonObject {
  const controls = policy.grantControls;
  const id = textAt(controls, 'authenticationStrength', 'id');
  if (!isObject(controls) || id === undefined) return policy;
  const authenticationStrength = find(state, 'authenticationStrengths', id);
  if (!authenticationStrength) return policy;
  const strength = { ...authenticationStrength, combinationConfigurations: [] };
  return { ...policy, grantControls: { ...controls, authenticationStrength: strength } };
}

function shown(call: GraphCall, policy: Entity): JsonObject {
  const whole = showPolicy(call.state, policy);
  if (!isObject(whole.grantControls) || !isObject(whole.grantControls.authenticationStrength)) return whole;
  const place = `${SHAPE.place}('${policy.id}')/grantControls/authenticationStrength/$entity`;
  const context = { 'authenticationStrength@odata.context': contextUrl(call, place) };
  return { ...whole, grantControls: { ...whole.grantControls, ...context } };
}

function standing(call: GraphCall): Entity {
  const id = parameter(call, 'id');
  const policy = find(call.state, 'conditionalAccessPolicies', id);
  if (!policy) throw notFound('conditional access policy', id);
  return policy;
}

function recorded(
  call: GraphCall,
  next: DirectoryState,
  operation: 'Add' | 'Update' | 'Delete',
  before: Entity | undefined,
  after: Entity | undefined,
): DirectoryState {
  const target = after ?? before;
  if (!target) return next;
  return audited(call, next, {
    service: 'conditionalAccess',
    activity: `${operation} conditional access policy`,
    operation,
    target,
    targetType: 'Policy',
    modified: [
      {
        name: 'ConditionalAccessPolicy',
        before: before && showPolicy(call.state, before),
        after: after && showPolicy(next, after),
      },
    ],
  });
}

export function listPolicies(call: GraphCall): GraphAnswer {
  const all = call.state.conditionalAccessPolicies.map((policy) => shown(call, policy));
  return listAnswer(call, all, SHAPE);
}

export function readPolicy(call: GraphCall): GraphAnswer {
  return entityAnswer(call, shown(call, standing(call)), SHAPE);
}

export function createPolicy(call: GraphCall): GraphAnswer {
  const now = call.now.toISOString();
  const whole = completePolicy({ ...writablePart(call.body), createdDateTime: now, modifiedDateTime: null });
  checkPolicy(call.state, whole, call.body);
  const policy: Entity = { id: call.guid(), ...whole };
  const next = withEntity(call.state, 'conditionalAccessPolicies', policy);
  const context = contextUrl(call, `${SHAPE.place}/$entity`);
  const body = { '@odata.context': context, ...shown({ ...call, state: next }, policy) };
  return { status: 201, body, next: recorded(call, next, 'Add', undefined, policy) };
}

export function updatePolicy(call: GraphCall): GraphAnswer {
  const before = standing(call);
  const merged = patched(before, writablePart(call.body));
  const whole = completePolicy({ ...(isObject(merged) ? merged : before), modifiedDateTime: call.now.toISOString() });
  checkPolicy(call.state, whole, call.body);
  const policy: Entity = { ...whole, id: before.id };
  const next = withEntity(call.state, 'conditionalAccessPolicies', policy);
  return { status: 204, next: recorded(call, next, 'Update', before, policy) };
}

export function deletePolicy(call: GraphCall): GraphAnswer {
  const before = standing(call);
  const next = withoutEntity(call.state, 'conditionalAccessPolicies', before.id);
  return { status: 204, next: recorded(call, next, 'Delete', before, undefined) };
}
