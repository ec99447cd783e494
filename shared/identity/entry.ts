/** What kind of thing a piece of exported JSON is: by ARM's type, by Graph's annotations, or by its structure. */
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../network/json';

export type EntryKind =
  | ArmKind
  | GraphKind
  /** A member or owner of a group, or the mark that such a list was read. */
  | 'membership'
  /** The same of a role of the directory. */
  | 'directory-role-member';

const ARM_KINDS = {
  'microsoft.authorization/roledefinitions': 'role-definition',
  'microsoft.authorization/roleassignments': 'role-assignment',
  'microsoft.authorization/denyassignments': 'deny-assignment',
  'microsoft.authorization/roleeligibilityschedules': 'eligibility-schedule',
  'microsoft.authorization/roleeligibilityscheduleinstances': 'eligibility-instance',
  'microsoft.authorization/roleassignmentschedules': 'assignment-schedule',
  'microsoft.authorization/roleassignmentscheduleinstances': 'assignment-instance',
  'microsoft.authorization/roleeligibilityschedulerequests': 'eligibility-request',
  'microsoft.authorization/roleassignmentschedulerequests': 'assignment-request',
  'microsoft.authorization/rolemanagementpolicies': 'settings',
  'microsoft.authorization/rolemanagementpolicyassignments': 'settings-assignment',
  // ARM answers with the singular here, in type and id alike.
  'microsoft.authorization/rolemanagementpolicy': 'settings',
  'microsoft.authorization/rolemanagementpolicyassignment': 'settings-assignment',
  'microsoft.compute/virtualmachines': 'virtual-machine',
  'microsoft.compute/virtualmachines/extensions': 'extension',
  'microsoft.network/bastionhosts': 'bastion-host',
  'microsoft.network/networkinterfaces': 'network-interface',
  'microsoft.network/virtualnetworks': 'virtual-network',
  'microsoft.keyvault/vaults': 'key-vault',
} as const;
type ArmKind = (typeof ARM_KINDS)[keyof typeof ARM_KINDS];

/** Names of Graph's types and of its collections, in lower case. */
const GRAPH_KINDS = {
  user: 'user',
  users: 'user',
  group: 'group',
  groups: 'group',
  serviceprincipal: 'service-principal',
  serviceprincipals: 'service-principal',
  organization: 'organization',
  directoryrole: 'directory-role',
  directoryroles: 'directory-role',
  conditionalaccesspolicy: 'conditional-access-policy',
  'conditionalaccess/policies': 'conditional-access-policy',
  authenticationcontextclassreference: 'authentication-context',
  authenticationcontextclassreferences: 'authentication-context',
  authenticationstrengthpolicy: 'authentication-strength',
  authenticationstrengthpolicies: 'authentication-strength',
  whatifanalysisresult: 'what-if',
  unifiedrolemanagementpolicyassignment: 'group-settings',
  rolemanagementpolicyassignments: 'group-settings',
  privilegedaccessgroupeligibilityscheduleinstance: 'group-eligibility',
  privilegedaccessgroupeligibilityschedule: 'group-eligibility',
  'group/eligibilityscheduleinstances': 'group-eligibility',
  'group/eligibilityschedules': 'group-eligibility',
  privilegedaccessgroupassignmentscheduleinstance: 'group-assignment',
  'group/assignmentscheduleinstances': 'group-assignment',
} as const;
type GraphKind = (typeof GRAPH_KINDS)[keyof typeof GRAPH_KINDS];

export type Relation = 'members' | 'owners' | 'transitiveMembers';

export interface Entry {
  readonly kind: EntryKind;
  readonly json: JsonObject;
  /** For memberships: of which group or directory role, and which relation. The mark that a list was read has no `id`. */
  readonly of?: { readonly whole: string; readonly relation: Relation };
}

const ANNOTATION = '@odata.context';
const MEMBERSHIP = /^(groups|directoryRoles)(?:\('([^']+)'\)|\/([^/()]+))\/(members|owners|transitiveMembers)\b/i;

/** Finds out what each piece is; a page is taken apart, its `@odata.context` copied to its items. Others are left out. */
export function entriesOf(pieces: readonly unknown[]): Entry[] {
  return pieces.flatMap((piece) => (isObject(piece) ? entriesIn(piece, 0) : []));
}

function entriesIn(json: JsonObject, depth: number): Entry[] {
  const context = contextOf(json);
  if (/whatIfAnalysisResult/i.test(context)) return [{ kind: 'what-if', json }];
  const membership = membershipIn(context);
  if (Array.isArray(json.value) && textOf(json.id) === undefined) {
    const marked = membership ? [{ ...membership, json: {} }] : [];
    if (depth > 3) return marked;
    const items = json.value.filter(isObject).map((item) => ({ [ANNOTATION]: json[ANNOTATION], ...item }));
    return [...marked, ...items.flatMap((item) => entriesIn(item, depth + 1))];
  }
  const kind = armKind(json) ?? graphKind(json, membership ? '' : context) ?? kindByStructure(json);
  return [...(membership ? [{ ...membership, json }] : []), ...(kind ? [{ kind, json }] : [])];
}

/** What stands behind `$metadata#`, without the properties selected and without `/$entity`. */
function contextOf(json: JsonObject): string {
  const text = textOf(json[ANNOTATION]) ?? '';
  return text
    .slice(text.indexOf('#') + 1)
    .replace(/\/\$entity$/i, '')
    .replace(/^\/+/, '');
}

function membershipIn(context: string): Omit<Entry, 'json'> | undefined {
  const match = MEMBERSHIP.exec(context);
  const whole = match?.[2] ?? match?.[3];
  const relation = RELATIONS.find((name) => name.toLowerCase() === match?.[4]?.toLowerCase());
  if (whole === undefined || relation === undefined) return undefined;
  const kind = match?.[1]?.toLowerCase() === 'groups' ? 'membership' : 'directory-role-member';
  return { kind, of: { whole: whole.toLowerCase(), relation } };
}

const RELATIONS: readonly Relation[] = ['members', 'owners', 'transitiveMembers'];

function armKind(json: JsonObject): ArmKind | undefined {
  const type = textOf(json.type);
  return lookUp(ARM_KINDS, type?.includes('/') ? type : typeInId(textOf(json.id) ?? ''));
}

/** `…/providers/Microsoft.Compute/virtualMachines/vm/extensions/e` → `Microsoft.Compute/virtualMachines/extensions`. */
function typeInId(id: string): string {
  const provider = /^.*\/providers\/([^/]+)\/(.+)$/i.exec(id);
  const segments = (provider?.[2] ?? '').split('/').filter((_, index) => index % 2 === 0);
  return [provider?.[1] ?? '', ...segments].join('/');
}

function graphKind(json: JsonObject, context: string): GraphKind | undefined {
  const type = textOf(json['@odata.type']);
  if (type !== undefined) return lookUp(GRAPH_KINDS, type.replace(/^#?microsoft\.graph\./i, ''));
  const path = context.replace(/\(.*\)/, '').split('/');
  return lookUp(GRAPH_KINDS, path.slice(-2).join('/')) ?? lookUp(GRAPH_KINDS, path.at(-1) ?? '');
}

function lookUp<K extends string>(kinds: Readonly<Record<string, K>>, name: string): K | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(kinds, key) ? kinds[key] : undefined;
}

/** For what was exported without its annotations. */
function kindByStructure(json: JsonObject): EntryKind | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => Object.hasOwn(json, name));
  if (has('policyApplies')) return undefined;
  if (has('conditions', 'grantControls')) return 'conditional-access-policy';
  if (has('allowedCombinations')) return 'authentication-strength';
  if (has('isAvailable') && /^c\d{1,2}$/i.test(textOf(json.id) ?? '')) return 'authentication-context';
  if (has('groupId', 'accessId', 'principalId')) {
    return has('eligibilityScheduleId') ? 'group-eligibility' : 'group-assignment';
  }
  if (has('scopeType', 'policyId')) return 'group-settings';
  if (has('userPrincipalName')) return 'user';
  if (has('servicePrincipalType')) return 'service-principal';
  if (has('mailEnabled', 'securityEnabled')) return 'group';
  if (has('tenantType', 'verifiedDomains')) return 'organization';
  const first = objectOf(listOf(json.permissions)[0]);
  return has('assignableScopes') && Array.isArray(first.actions) ? 'role-definition' : undefined;
}
