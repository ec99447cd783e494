/** What the guardrail may do to sign-in settings, as data. Never more than the properties named here is sent. */
import type { JsonObject } from '../network/json';
import type { ObjectId, ScopeKey } from './identity';

export type IdentityAction =
  /** Makes the context exist and be available; PATCH of a context is an upsert. */
  | { readonly kind: 'publish-context'; readonly context: string; readonly name: string }
  /** PATCHes the named top-level properties of a Conditional Access policy, with explicit empties. */
  | { readonly kind: 'patch-conditional-access'; readonly policy: ObjectId; readonly changes: JsonObject }
  | { readonly kind: 'create-conditional-access'; readonly name: string; readonly body: JsonObject }
  /** Writes whole rules of the role's PIM settings at one scope, all in one PATCH. */
  | {
      readonly kind: 'patch-role-settings';
      readonly scope: ScopeKey;
      readonly role: ObjectId;
      readonly rules: readonly JsonObject[];
    }
  /** Takes an active assignment away: by a PIM request where PIM knows it, else by deleting it. */
  | {
      readonly kind: 'remove-assignment';
      readonly assignment: string;
      readonly scope: ScopeKey;
      readonly role: ObjectId;
      readonly principal: ObjectId;
      readonly holding: 'assigned' | 'eligible' | 'planned';
      readonly inPim: boolean;
    }
  /** Sets the custom role's permissions and nothing else of it. */
  | {
      readonly kind: 'restore-role';
      readonly resource: string;
      readonly role: ObjectId;
      readonly permissions: JsonObject;
    };

/** What an identity action changes, as a key of its own: one outcome is reported for each. */
export function identityTargetOf(action: IdentityAction): string {
  switch (action.kind) {
    case 'publish-context':
      return `/identity/conditionalaccess/authenticationcontextclassreferences/${action.context.toLowerCase()}`;
    case 'patch-conditional-access':
      return `/identity/conditionalaccess/policies/${action.policy}`;
    case 'create-conditional-access':
      return `/identity/conditionalaccess/policies/${action.name.toLowerCase()}`;
    case 'patch-role-settings':
      return `${action.scope === '/' ? '' : action.scope}/providers/microsoft.authorization/rolemanagementpolicies/${action.role}`;
    case 'remove-assignment':
      return action.assignment.toLowerCase();
    case 'restore-role':
      return action.resource.toLowerCase();
  }
}
