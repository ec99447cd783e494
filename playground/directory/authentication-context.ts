// /identity/conditionalAccess/authenticationContextClassReferences: c1 to c99, made and changed by PATCH.
import { textsAt } from '../azure/json';
import { audited } from './audit';
import type { GraphAnswer, GraphCall } from './graph-call';
import { parameter } from './graph-call';
import { badRequest, GraphError, notFound } from './graph-error';
import { entityAnswer, listAnswer } from './list';
import { CONTEXT_ID } from './policy-validation';
import type { Entity } from './state';
import { find, withEntity, withoutEntity } from './state';

const SHAPE = {
  place: 'identity/conditionalAccess/authenticationContextClassReferences',
  filterable: ['id', 'displayName', 'isAvailable'],
};
const WRITABLE: Readonly<Record<string, string>> = {
  displayName: 'string',
  description: 'string',
  isAvailable: 'boolean',
};

function standing(call: GraphCall): Entity {
  const id = parameter(call, 'id');
  const context = find(call.state, 'authenticationContexts', id);
  if (!context) throw notFound('authentication context', id);
  return context;
}

export function listContexts(call: GraphCall): GraphAnswer {
  return listAnswer(call, call.state.authenticationContexts, SHAPE);
}

export function readContext(call: GraphCall): GraphAnswer {
  return entityAnswer(call, standing(call), SHAPE);
}

/** PATCH: makes the context when its id has not been used. */
export function upsertContext(call: GraphCall): GraphAnswer {
  const id = parameter(call, 'id');
  if (!CONTEXT_ID.test(id))
    throw badRequest(`Invalid authentication context id '${id}'. Contexts are named c1 to c99.`);
  for (const [name, value] of Object.entries(call.body)) {
    if (name === 'id' || name.includes('@odata.')) continue;
    if (typeof value !== WRITABLE[name]) throw badRequest(`Invalid value or property '${name}'.`);
  }
  const before = find(call.state, 'authenticationContexts', id);
  const context: Entity = { displayName: null, description: null, isAvailable: false, ...before, ...call.body, id };
  if (context.displayName === null) throw badRequest("Property 'displayName' is required.");
  const operation = before ? 'Update' : 'Add';
  const next = audited(call, withEntity(call.state, 'authenticationContexts', context), {
    service: 'conditionalAccess',
    activity: `${operation} AuthenticationContextClassReference`,
    operation,
    target: context,
    targetType: 'AuthenticationContextClassReference',
    modified: [{ name: 'AuthenticationContextClassReference', before, after: context }],
  });
  return { status: 204, next };
}

/** DELETE: refused while the context is published (403) or a policy targets it (400). */
export function deleteContext(call: GraphCall): GraphAnswer {
  const before = standing(call);
  const isTargeted = call.state.conditionalAccessPolicies.some((policy) =>
    textsAt(policy, 'conditions', 'applications', 'includeAuthenticationContextClassReferences').includes(before.id),
  );
  if (before.isAvailable === true) {
    throw new GraphError(403, 'Forbidden', `The authentication context '${before.id}' is published to apps.`);
  }
  if (isTargeted) throw badRequest(`The authentication context '${before.id}' is used by a conditional access policy.`);
  const next = audited(call, withoutEntity(call.state, 'authenticationContexts', before.id), {
    service: 'conditionalAccess',
    activity: 'Delete AuthenticationContextClassReference',
    operation: 'Delete',
    target: before,
    targetType: 'AuthenticationContextClassReference',
    modified: [{ name: 'AuthenticationContextClassReference', before, after: undefined }],
  });
  return { status: 204, next };
}
