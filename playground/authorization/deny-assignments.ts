// Deny assignments: the estate's and those that faults add; listed and read, since only Azure itself makes them.
import { ArmError } from '../azure/arm-error';
import type { Answer } from '../azure/call';
import type { JsonObject } from '../azure/json';
import { listAt, objectAt, sameText, textAt } from '../azure/json';
import { page } from '../azure/page';
import { sameId } from '../azure/resource-id';
import type { Asked } from './asked';
import { authorizationPath } from './authorization-path';
import { filterOf } from './filter';
import { rolePermissions } from './role-definitions';
import { checkScope, isAtOrBelow } from './scope';

interface Deny {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly properties: JsonObject;
}

/** Azure's id for everybody. */
const EVERYBODY = { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' };

function fromEstate(entry: JsonObject): Deny {
  const id = textAt(entry, 'id') ?? '';
  const path = authorizationPath(id);
  const properties = objectAt(entry, 'properties');
  const scope = textAt(properties, 'scope') ?? path?.scope ?? '/';
  const name = path?.name ?? '';
  const whole = {
    denyAssignmentName: name,
    doNotApplyToChildScopes: false,
    isSystemProtected: true,
    principals: [EVERYBODY],
    excludePrincipals: [],
    ...properties,
  };
  return { id, name, scope, properties: { ...whole, scope, permissions: rolePermissions(properties) } };
}

function all({ world, state }: Asked): readonly Deny[] {
  const own = state.denyAssignments.map(fromEstate);
  const added = world.governance().denyAssignments.filter(({ id }) => !own.some((deny) => sameId(deny.id, id)));
  const asEntries = added.map(({ id, name, scope, actions, notActions, principals, except }) =>
    fromEstate({
      id,
      properties: {
        denyAssignmentName: name,
        scope,
        permissions: [{ actions, notActions }],
        principals: principals.length === 0 ? [EVERYBODY] : principals.map((each) => ({ id: each })),
        excludePrincipals: except.map((each) => ({ id: each })),
      },
    }),
  );
  return [...own, ...asEntries];
}

function view({ id, name, properties }: Deny): JsonObject {
  return { properties, id, type: 'Microsoft.Authorization/denyAssignments', name };
}

export function listDenyAssignments(asked: Asked): Answer {
  const { world, call, path } = asked;
  checkScope(world, path.scope);
  const filter = filterOf(call, ['atScope', 'denyAssignmentName', 'principalId']);
  const onlyHere = filter.call('atScope') !== undefined;
  const [name, principal] = [filter.equal('denyAssignmentName'), filter.equal('principalId')];
  const shown = all(asked)
    .filter(({ scope }) => isAtOrBelow(path.scope, scope) || (!onlyHere && isAtOrBelow(scope, path.scope)))
    .filter(({ properties }) => name === undefined || sameText(name, textAt(properties, 'denyAssignmentName')))
    .filter(
      ({ properties }) =>
        principal === undefined ||
        listAt(properties, 'principals').some((each) => sameText(principal, textAt(each, 'id'))),
    );
  return page(world, call, shown, view);
}

export function getDenyAssignment(asked: Asked): Answer {
  const found = all(asked).find(({ name }) => sameText(name, asked.path.name));
  if (found) return { status: 200, body: view(found) };
  throw new ArmError(404, 'DenyAssignmentNotFound', `The deny assignment '${asked.path.name ?? ''}' is not found.`);
}
