/** What Conditional Access asks for at sign-in: policies, authentication contexts, strengths, and Microsoft's what-if. */
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry } from './entry';
import {
  type AuthenticationContext,
  type AuthenticationStrength,
  type ConditionalAccessPolicy,
  objectIdOf,
  type WhatIf,
} from './identity';
import { boundedName, malformed } from './read-gap';
import { textsOf } from './read-roles';

/** What the model holds, and what says nothing about whom a policy is for or what it asks. */
const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'templateId',
  'displayName',
  'description',
  'createdDateTime',
  'modifiedDateTime',
  'deletedDateTime',
  'state',
  'conditions',
  'grantControls',
  'sessionControls',
]);

/** Reads one Conditional Access policy; its conditions and controls are kept as they are. */
export function readPolicy({ kind, json }: Entry, gaps: Gap[]): ConditionalAccessPolicy | undefined {
  const id = textOf(json.id);
  const state = textOf(json.state);
  if (id === undefined || state === undefined || !isObject(json.conditions)) {
    gaps.push(malformed(kind, json, 'id, state or conditions'));
    return undefined;
  }
  const modified = textOf(json.modifiedDateTime);
  const unknown = Object.entries(json).filter(
    ([name, value]) => !KNOWN.has(name) && !name.includes('@') && value !== null && value !== undefined,
  );
  return {
    id: objectIdOf(id),
    name: boundedName(json, ['displayName'], objectIdOf(id)),
    state,
    ...(modified && { modified }),
    conditions: json.conditions,
    grantControls: isObject(json.grantControls) ? json.grantControls : null,
    sessionControls: isObject(json.sessionControls) ? json.sessionControls : null,
    ...(unknown.length > 0 && { unknown: Object.fromEntries(unknown) }),
  };
}

/** Reads one authentication context; one that does not say it is available is not. */
export function readContext({ kind, json }: Entry, gaps: Gap[]): AuthenticationContext | undefined {
  const id = textOf(json.id)?.toLowerCase();
  if (id === undefined) {
    gaps.push(malformed(kind, json, 'id'));
    return undefined;
  }
  return { id, name: boundedName(json, ['displayName'], id), isAvailable: json.isAvailable === true };
}

/** Reads one authentication strength. */
export function readStrength({ kind, json }: Entry, gaps: Gap[]): AuthenticationStrength | undefined {
  const strength = strengthIn(json);
  if (!strength) gaps.push(malformed(kind, json, 'id or allowedCombinations'));
  return strength;
}

/** A strength out of its own JSON or out of the copy that a policy carries; undefined where its content is not there. */
function strengthIn(json: JsonObject): AuthenticationStrength | undefined {
  const id = textOf(json.id);
  if (id === undefined || !Array.isArray(json.allowedCombinations)) return undefined;
  return {
    id: objectIdOf(id),
    name: boundedName(json, ['displayName'], objectIdOf(id)),
    isBuiltIn: /^builtIn$/i.test(textOf(json.policyType) ?? ''),
    allowedCombinations: textsOf(json.allowedCombinations),
  };
}

/**
 * Reads one answer of `POST /identity/conditionalAccess/evaluate` about an authentication context. Report-only policies
 * apply as well, by Microsoft's word, so only enabled ones are counted.
 */
export function readWhatIf({ kind, json }: Entry, gaps: Gap[]): WhatIf | undefined {
  const request = objectOf(json.request);
  const user = textOf(objectOf(request.signInIdentity).userId);
  const context = textOf(objectOf(request.signInContext).authenticationContextValue);
  if (user === undefined || context === undefined || !Array.isArray(json.value)) {
    gaps.push(malformed(kind, json, 'request (userId and authenticationContextValue) beside its value'));
    return undefined;
  }
  const policies = listOf(json.value).filter(isObject);
  const applied = policies.filter((policy) => policy.policyApplies === true && policy.state === 'enabled');
  const ids = applied.flatMap((policy) => textOf(policy.id) ?? []);
  return { user: objectIdOf(user), context: context.toLowerCase(), policies: ids.map(objectIdOf) };
}
