// /policies/authenticationStrengthPolicies: the built-in ones, and custom ones that can be changed.
import type { JsonObject } from '../azure/json';
import { sameText, textAt, textsAt } from '../azure/json';
import { audited } from './audit';
import { COMBINATIONS, SINGLE_FACTORS } from './built-in-strengths';
import type { GraphAnswer, GraphCall } from './graph-call';
import { contextUrl, parameter } from './graph-call';
import { badRequest, GraphError, notFound } from './graph-error';
import { entityAnswer, listAnswer } from './list';
import type { DirectoryState, Entity } from './state';
import { find, withEntity, withoutEntity } from './state';

const SHAPE = {
  place: 'policies/authenticationStrengthPolicies',
  filterable: ['id', 'displayName', 'policyType'],
};
const WRITABLE = ['displayName', 'description', 'policyType', 'requirementsSatisfied', 'allowedCombinations', 'id'];

function shown(call: GraphCall, strength: Entity): JsonObject {
  const place = `${SHAPE.place}('${strength.id}')/combinationConfigurations`;
  return {
    ...strength,
    'combinationConfigurations@odata.context': contextUrl(call, place),
    combinationConfigurations: [],
  };
}

function standing(call: GraphCall): Entity {
  const id = parameter(call, 'id');
  const strength = find(call.state, 'authenticationStrengths', id);
  if (!strength) throw notFound('authentication strength policy', id);
  return strength;
}

function custom(call: GraphCall): Entity {
  const strength = standing(call);
  if (strength.policyType !== 'builtIn') return strength;
  throw new GraphError(403, 'Forbidden', 'Built-in authentication strength policies cannot be changed.');
}

function checkCombinations(body: JsonObject): readonly string[] {
  const combinations = textsAt(body, 'allowedCombinations');
  const wrong = combinations.find((each) => !COMBINATIONS.includes(each) && !SINGLE_FACTORS.includes(each));
  if (wrong !== undefined) throw badRequest(`Invalid value '${wrong}' specified for property 'allowedCombinations'.`);
  if (combinations.length === 0) throw badRequest("Property 'allowedCombinations' is required.");
  return combinations;
}

/** A strength is as good as its weakest combination. */
function satisfied(combinations: readonly string[]): string {
  return combinations.every((each) => COMBINATIONS.includes(each)) ? 'mfa' : 'none';
}

function checkProperties(body: JsonObject, allowed: readonly string[]): void {
  const wrong = Object.keys(body).find((key) => !allowed.includes(key) && !key.includes('@odata.'));
  if (wrong !== undefined) throw badRequest(`Invalid property '${wrong}'.`);
}

function recorded(
  call: GraphCall,
  next: DirectoryState,
  operation: 'Add' | 'Update' | 'Delete',
  target: Entity,
  modified: { readonly before: Entity | undefined; readonly after: Entity | undefined },
): DirectoryState {
  return audited(call, next, {
    service: 'authenticationMethods',
    activity: `Authentication Strength Policy ${operation === 'Add' ? 'Create' : operation}`,
    operation,
    target,
    targetType: 'Policy',
    modified: [{ name: 'AuthenticationStrengthPolicy', ...modified }],
  });
}

/** Names of the policies that ask for a strength. */
function users(state: DirectoryState, id: string): string[] {
  return state.conditionalAccessPolicies
    .filter((policy) => sameText(textAt(policy, 'grantControls', 'authenticationStrength', 'id'), id))
    .map((policy) => policy.id);
}

export function listStrengths(call: GraphCall): GraphAnswer {
  const all = call.state.authenticationStrengths.map((strength) => shown(call, strength));
  return listAnswer(call, all, SHAPE);
}

export function readStrength(call: GraphCall): GraphAnswer {
  return entityAnswer(call, shown(call, standing(call)), SHAPE);
}

export function createStrength(call: GraphCall): GraphAnswer {
  checkProperties(call.body, WRITABLE);
  const displayName = textAt(call.body, 'displayName');
  if (displayName === undefined) throw badRequest("Property 'displayName' is required.");
  const allowedCombinations = checkCombinations(call.body);
  const now = call.now.toISOString();
  const strength: Entity = {
    id: call.guid(),
    createdDateTime: now,
    modifiedDateTime: now,
    displayName,
    description: textAt(call.body, 'description') ?? '',
    policyType: 'custom',
    requirementsSatisfied: satisfied(allowedCombinations),
    allowedCombinations,
  };
  const next = withEntity(call.state, 'authenticationStrengths', strength);
  const body = { '@odata.context': contextUrl(call, `${SHAPE.place}/$entity`), ...shown(call, strength) };
  return { status: 201, body, next: recorded(call, next, 'Add', strength, { before: undefined, after: strength }) };
}

/** PATCH: name and description only; the combinations have an action of their own. */
export function updateStrength(call: GraphCall): GraphAnswer {
  const before = custom(call);
  checkProperties(call.body, ['displayName', 'description', 'id']);
  const after: Entity = { ...before, ...call.body, id: before.id, modifiedDateTime: call.now.toISOString() };
  const next = withEntity(call.state, 'authenticationStrengths', after);
  return { status: 204, next: recorded(call, next, 'Update', after, { before, after }) };
}

/** POST …/updateAllowedCombinations. */
export function updateCombinations(call: GraphCall): GraphAnswer {
  const before = custom(call);
  const allowedCombinations = checkCombinations(call.body);
  const after: Entity = {
    ...before,
    allowedCombinations,
    requirementsSatisfied: satisfied(allowedCombinations),
    modifiedDateTime: call.now.toISOString(),
  };
  const next = withEntity(call.state, 'authenticationStrengths', after);
  const body = {
    '@odata.context': contextUrl(call, 'microsoft.graph.updateAllowedCombinationsResult'),
    previousCombinations: before.allowedCombinations,
    currentCombinations: allowedCombinations,
    conditionalAccessReferences: users(call.state, before.id),
    additionalInformation: '',
  };
  return { status: 200, body, next: recorded(call, next, 'Update', after, { before, after }) };
}

/** DELETE: refused while a policy asks for the strength. */
export function deleteStrength(call: GraphCall): GraphAnswer {
  const before = custom(call);
  if (users(call.state, before.id).length > 0) {
    throw badRequest(`The authentication strength policy '${before.id}' is used by a conditional access policy.`);
  }
  const next = withoutEntity(call.state, 'authenticationStrengths', before.id);
  return { status: 204, next: recorded(call, next, 'Delete', before, { before, after: undefined }) };
}
