/** A made tenant of the size of a large company's, as the local Azure takes it: groups in groups, assignments, policies. */
import { generateEstate } from '../../playground/azure/estate-generator';
import { derivedGuid } from '../../playground/azure/token';
import { readEstate } from '../../playground/estate-file';
import { isObject, type JsonObject, listAt } from '../../playground/json';

export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
/** The Bastion role of the small tenant, on which this one is built. */
export const BASTION_ROLE = 'ba571000-0000-4000-8000-000000000001';

const SMALL_GROUP = 'ba570000-0000-4000-8000-0000000000ba';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';

export const SIZE = {
  assignments: 5000,
  groups: 500,
  /** Groups in a chain, each in the one before. */
  depth: 5,
  members: 10,
  users: 2000,
  policies: 200,
  machines: 300,
  /** Resource groups with machines. */
  places: 200,
  /** Of these, how many have people who may activate the Bastion role: each has PIM settings of its own. */
  bastionPlaces: 20,
} as const;

export interface BigTenant {
  readonly estate: readonly JsonObject[];
  readonly directory: JsonObject;
  readonly authorization: readonly JsonObject[];
}

/**
 * The tenant, the same every time. One in `excessEvery` assignments gives somebody for good what should be activated
 * (Contributor where machines are); of the rest, every other one makes a group eligible, and the others read what opens
 * nothing.
 */
export function bigTenant(small: { readonly directory: JsonObject }, excessEvery: number): BigTenant {
  return {
    estate: generateEstate({ spokes: SIZE.places, interfaces: SIZE.machines, machines: true }),
    directory: {
      ...small.directory,
      users: [...listAt(small.directory, 'users'), ...numbers(SIZE.users).map(user)],
      groups: [...listAt(small.directory, 'groups'), ...numbers(SIZE.groups).map(group)],
      conditionalAccessPolicies: [
        ...listAt(small.directory, 'conditionalAccessPolicies'),
        ...numbers(SIZE.policies - 1).map(conditionalAccessPolicy),
      ],
    },
    authorization: [
      ...readEstate('authorization').filter(isObject),
      ...numbers(SIZE.bastionPlaces).flatMap(settings),
      ...numbers(SIZE.assignments).map((index) => assignment(index, excessEvery)),
    ],
  };
}

/** Who may activate the Bastion role, as the policy has to name them. */
export function eligibleGroups(): readonly string[] {
  return [SMALL_GROUP, ...numbers(SIZE.groups).map(groupId)];
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function userId(index: number): string {
  return derivedGuid(`user ${index % SIZE.users}`);
}

function groupId(index: number): string {
  return derivedGuid(`group ${index % SIZE.groups}`);
}

function user(index: number): JsonObject {
  const name = `person-${index}`;
  const userPrincipalName = `${name}@contoso.example`;
  return { id: userId(index), displayName: name, userPrincipalName, userType: 'Member', accountEnabled: true };
}

function group(index: number): JsonObject {
  const people = numbers(SIZE.members).map((member) => userId(index * SIZE.members + member));
  const isLast = index % SIZE.depth === SIZE.depth - 1;
  const members = isLast ? people : [...people, groupId(index + 1)];
  return { id: groupId(index), displayName: `group-${index}`, members, owners: [userId(index)] };
}

/** About other things than Bastion, as most policies of a tenant are. */
function conditionalAccessPolicy(index: number): JsonObject {
  return {
    id: derivedGuid(`policy ${index}`),
    displayName: `policy-${index}`,
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: [derivedGuid(`application ${index}`)] },
      users: { includeUsers: ['All'], excludeGroups: [groupId(index)] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  };
}

function place(index: number): string {
  const key = String((index % SIZE.places) + 1).padStart(4, '0');
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-spoke-${key}`;
}

function assignment(index: number, excessEvery: number): JsonObject {
  const isExcess = index % excessEvery === 0;
  const isEligible = !isExcess && index % 2 === 1;
  // Shifted from round to round, so that nobody is given the same twice.
  const [round, shift] = [Math.floor(index / (2 * SIZE.groups)), Math.floor(index / SIZE.users)];
  const scope = isEligible ? place((index + round) % SIZE.bastionPlaces) : place(index + shift);
  const collection = isEligible ? 'roleEligibilitySchedules' : 'roleAssignments';
  const role = isEligible ? BASTION_ROLE : isExcess ? CONTRIBUTOR : READER;
  // Who may activate is known only once the groups are unfolded; of what is too much, every other one is a group's as well.
  const isGroup = isEligible || (isExcess && index % (2 * excessEvery) === 0);
  const dates = { startDateTime: '-P30D', endDateTime: 'P180D' };
  return authorization(scope, collection, derivedGuid(`assignment ${index}`), {
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: isGroup ? groupId(Math.floor(index / 2)) : userId(index),
    principalType: isGroup ? 'Group' : 'User',
    ...(isEligible && { status: 'Provisioned', memberType: 'Direct', ...dates }),
  });
}

/** The settings of the small tenant at one more scope: the local Azure keeps what it is given. */
function settings(index: number): JsonObject[] {
  const scope = place(index);
  const name = derivedGuid(`settings ${index}`);
  const rules = listAt(
    readEstate('authorization').find((entry) => isObject(entry) && /rolemanagementpolicies$/i.test(String(entry.type))),
    'properties',
    'rules',
  );
  const role = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${BASTION_ROLE}`;
  const policyId = `${scope}/providers/Microsoft.Authorization/roleManagementPolicies/${name}`;
  return [
    authorization(scope, 'roleManagementPolicies', name, { rules }),
    authorization(scope, 'roleManagementPolicyAssignments', `${name}_${BASTION_ROLE}`, {
      roleDefinitionId: role,
      policyId,
    }),
  ];
}

function authorization(scope: string, collection: string, name: string, properties: JsonObject): JsonObject {
  const type = `Microsoft.Authorization/${collection}`;
  return { id: `${scope}/providers/${type}/${name}`, name, type, properties: { scope, ...properties } };
}
