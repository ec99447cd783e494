// Users, groups, service principals and directory roles as Graph shows them, and the calls that read them.
import type { JsonObject } from '../azure/json';
import { sameText, textsAt, without } from '../azure/json';
import type { GraphAnswer, GraphCall } from './graph-call';
import { contextUrl, parameter } from './graph-call';
import { badRequest, noDirectoryObject, notModelled } from './graph-error';
import type { ListShape } from './list';
import { entityAnswer, listAnswer } from './list';
import type { DirectoryObject, ObjectKind } from './membership';
import { directIds, directoryObject, memberOf, objectsOf, transitiveMemberOf, transitiveMembers } from './membership';
import type { Entity } from './state';

/** What a user shows unless `$select` asks for more. Source: "Get a user", default properties. */
const USER: JsonObject = {
  businessPhones: [],
  displayName: null,
  givenName: null,
  jobTitle: null,
  mail: null,
  mobilePhone: null,
  officeLocation: null,
  preferredLanguage: null,
  surname: null,
  userPrincipalName: null,
  id: null,
};
const ON_REQUEST = [
  'userType',
  'accountEnabled',
  'createdDateTime',
  'externalUserState',
  'mailNickname',
  'deletedDateTime',
];
const GROUP: JsonObject = {
  deletedDateTime: null,
  description: null,
  groupTypes: [],
  isAssignableToRole: null,
  mailEnabled: false,
  membershipRule: null,
  securityEnabled: true,
};
const SERVICE_PRINCIPAL: JsonObject = {
  accountEnabled: true,
  appId: null,
  appOwnerOrganizationId: null,
  deletedDateTime: null,
  servicePrincipalType: 'Application',
};
const FILLED: Readonly<Record<ObjectKind, JsonObject>> = {
  user: USER,
  group: GROUP,
  servicePrincipal: SERVICE_PRINCIPAL,
  directoryRole: { deletedDateTime: null, description: null, roleTemplateId: null },
};
const FILTERABLE = ['id', 'displayName', 'userPrincipalName', 'userType', 'accountEnabled', 'appId', 'roleTemplateId'];

function shown({ kind, entity }: DirectoryObject): JsonObject {
  return { ...FILLED[kind], ...without(entity, ['members', 'owners']) };
}

function shapeOf(place: string, kind: ObjectKind): ListShape {
  const own = { place, filterable: FILTERABLE, orderable: ['displayName'] };
  return kind === 'user' ? { ...own, properties: ON_REQUEST, shown: () => Object.keys(USER) } : own;
}

/** Users show the same as in a list of their own; the others show everything. */
function shownOfMixed(entity: JsonObject): readonly string[] | undefined {
  return entity['@odata.type'] === '#microsoft.graph.user' ? ['@odata.type', ...Object.keys(USER)] : undefined;
}

const MIXED: ListShape = { ...shapeOf('directoryObjects', 'group'), mixed: true, shown: shownOfMixed };

/** A list of objects of several types, each with its type; `{cast}` in the path keeps one type. */
function mixedList(call: GraphCall, objects: readonly DirectoryObject[]): GraphAnswer {
  const { cast } = call.parameters;
  const kind = cast?.replace(/^microsoft\.graph\./i, '');
  if (kind !== undefined && !Object.keys(FILLED).some((known) => sameText(known, kind))) {
    throw notModelled(`the cast ${cast ?? ''}`);
  }
  const found = objects
    .filter((object) => kind === undefined || sameText(object.kind, kind))
    .map((object) => ({ '@odata.type': `#microsoft.graph.${object.kind}`, ...shown(object) }));
  return listAnswer(call, found, MIXED);
}

const COLLECTIONS = {
  user: 'users',
  group: 'groups',
  servicePrincipal: 'servicePrincipals',
  directoryRole: 'directoryRoles',
} as const;

/** The object of the path; a user also by user principal name. Throws GraphError 404. */
export function addressed(call: GraphCall, kind: ObjectKind): Entity {
  const id = parameter(call, 'id');
  const found = call.state[COLLECTIONS[kind]].find(
    (entity) => sameText(entity.id, id) || (kind === 'user' && sameText(String(entity.userPrincipalName), id)),
  );
  if (!found) throw noDirectoryObject(id);
  return found;
}

type Route = (call: GraphCall) => GraphAnswer;

export function listObjects(kind: ObjectKind): Route {
  const place = COLLECTIONS[kind];
  return (call) =>
    listAnswer(
      call,
      call.state[place].map((entity) => shown({ kind, entity })),
      shapeOf(place, kind),
    );
}

export function readObject(kind: ObjectKind): Route {
  return (call) => entityAnswer(call, shown({ kind, entity: addressed(call, kind) }), shapeOf(COLLECTIONS[kind], kind));
}

export function listMembers(kind: ObjectKind, access: 'member' | 'owner' = 'member'): Route {
  return (call) =>
    mixedList(call, objectsOf(call.state, directIds(call.state, addressed(call, kind), access, call.now)));
}

export function listTransitiveMembers(call: GraphCall): GraphAnswer {
  return mixedList(call, transitiveMembers(call.state, addressed(call, 'group'), call.now));
}

export function listMemberOf(kind: ObjectKind): Route {
  return (call) => mixedList(call, memberOf(call.state, addressed(call, kind).id, call.now));
}

export function listTransitiveMemberOf(kind: ObjectKind): Route {
  return (call) => mixedList(call, transitiveMemberOf(call.state, addressed(call, kind).id, call.now));
}

export function readDirectoryObject(call: GraphCall): GraphAnswer {
  const object = directoryObject(call.state, parameter(call, 'id'));
  if (!object) throw noDirectoryObject(parameter(call, 'id'));
  const entity = { '@odata.type': `#microsoft.graph.${object.kind}`, ...shown(object) };
  return entityAnswer(call, entity, MIXED);
}

/** `POST /directoryObjects/getByIds`: ids that lead nowhere are left out without a word. */
export function getByIds(call: GraphCall): GraphAnswer {
  const ids = textsAt(call.body, 'ids');
  const types = textsAt(call.body, 'types');
  if (!Array.isArray(call.body.ids)) throw badRequest("Property 'ids' is required.");
  if (ids.length > 1000) throw badRequest('Too many items in the list of ids: 1000 is the most.');
  const value = objectsOf(call.state, ids)
    .filter(({ kind }) => types.length === 0 || types.some((type) => sameText(type, kind)))
    .map((object) => {
      const whole = { '@odata.type': `#microsoft.graph.${object.kind}`, ...shown(object) };
      const names = shownOfMixed(whole);
      return names ? Object.fromEntries(Object.entries(whole).filter(([key]) => names.includes(key))) : whole;
    });
  return { status: 200, body: { '@odata.context': contextUrl(call, 'directoryObjects'), value } };
}

/** `GET /organization`: the tenant. */
export function listOrganization(call: GraphCall): GraphAnswer {
  const { tenantId, displayName } = call.state;
  const verifiedDomains = [{ name: 'contoso.example', isDefault: true, isInitial: true, type: 'Managed' }];
  return listAnswer(call, [{ id: tenantId, displayName, tenantType: 'AAD', verifiedDomains }], {
    place: 'organization',
  });
}
