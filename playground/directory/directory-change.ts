// What a person may change about users and groups: enough to play the ways in which a tenant drifts.
import { sameText, textAt, textsAt } from '../azure/json';
import { audited } from './audit';
import { addressed } from './directory-object';
import type { GraphAnswer, GraphCall } from './graph-call';
import { parameter } from './graph-call';
import { badRequest, noDirectoryObject } from './graph-error';
import { directoryObject } from './membership';
import type { Entity } from './state';
import { withEntity, withoutEntity } from './state';

type Access = 'member' | 'owner';
type Route = (call: GraphCall) => GraphAnswer;

function regrouped(
  call: GraphCall,
  group: Entity,
  access: Access,
  ids: readonly string[],
  change: { readonly verb: 'Add' | 'Remove'; readonly id: string },
): GraphAnswer {
  const { verb, id } = change;
  const target = directoryObject(call.state, id)?.entity ?? { id };
  const next = audited(call, withEntity(call.state, 'groups', { ...group, [`${access}s`]: ids }), {
    service: 'groups',
    activity: `${verb} ${access} ${verb === 'Add' ? 'to' : 'from'} group`,
    operation: verb === 'Add' ? 'Add' : 'Delete',
    target,
    targetType: 'User',
    modified: [
      { name: 'Group.ObjectID', before: verb === 'Add' ? null : group.id, after: verb === 'Add' ? group.id : null },
    ],
  });
  return { status: 204, next };
}

/** `POST /groups/{id}/members/$ref` (or owners). */
export function addReference(access: Access): Route {
  return (call) => {
    const group = addressed(call, 'group');
    const id = textAt(call.body, '@odata.id')?.split('/').at(-1) ?? '';
    const object = directoryObject(call.state, id);
    if (!object) throw noDirectoryObject(id);
    if (access === 'member' && object.kind === 'group' && group.isAssignableToRole === true) {
      throw badRequest('Adding a group as a member of a role-assignable group is not supported.');
    }
    const ids = textsAt(group, `${access}s`);
    if (ids.some((each) => sameText(each, id))) {
      throw badRequest(
        `One or more added object references already exist for the following modified properties: '${access}s'.`,
      );
    }
    return regrouped(call, group, access, [...ids, id], { verb: 'Add', id });
  };
}

/** `DELETE /groups/{id}/members/{reference}/$ref` (or owners). */
export function removeReference(access: Access): Route {
  return (call) => {
    const group = addressed(call, 'group');
    const id = parameter(call, 'reference');
    const ids = textsAt(group, `${access}s`);
    if (!ids.some((each) => sameText(each, id))) throw noDirectoryObject(id);
    const left = ids.filter((each) => !sameText(each, id));
    return regrouped(call, group, access, left, { verb: 'Remove', id });
  };
}

const WRITABLE = ['accountEnabled', 'displayName', 'givenName', 'jobTitle', 'surname', 'userPrincipalName', 'userType'];

/** `PATCH /users/{id}`. */
export function updateUser(call: GraphCall): GraphAnswer {
  const before = addressed(call, 'user');
  const wrong = Object.keys(call.body).find((key) => !WRITABLE.includes(key) && !key.includes('@odata.'));
  if (wrong !== undefined) throw badRequest(`Invalid property '${wrong}'.`);
  const after: Entity = { ...before, ...call.body, id: before.id };
  const modified = Object.entries(call.body).map(([name, value]) => ({ name, before: before[name], after: value }));
  const next = audited(call, withEntity(call.state, 'users', after), {
    service: 'users',
    activity: 'Update user',
    operation: 'Update',
    target: after,
    targetType: 'User',
    modified,
  });
  return { status: 204, next };
}

/** `DELETE /users/{id}`: policies that name the user keep naming an id that leads nowhere, as in Entra. */
export function deleteUser(call: GraphCall): GraphAnswer {
  const before = addressed(call, 'user');
  const next = audited(call, withoutEntity(call.state, 'users', before.id), {
    service: 'users',
    activity: 'Delete user',
    operation: 'Delete',
    target: before,
    targetType: 'User',
    modified: [],
  });
  return { status: 204, next };
}
