// The directory audit log: an entry for every change of Conditional Access, strengths, contexts, groups and role settings.
import type { JsonObject } from '../azure/json';
import { textAt } from '../azure/json';
import { callingApplication, callingUser } from './caller';
import type { GraphAnswer, GraphCall } from './graph-call';
import { listAnswer } from './list';
import type { DirectoryState, Entity } from './state';

/** Service and category of each activity. Source: "Audit log activity reference" of Microsoft Entra. */
const SERVICES = {
  conditionalAccess: { loggedByService: 'Conditional Access', category: 'Policy' },
  authenticationMethods: { loggedByService: 'Authentication Methods', category: 'ApplicationManagement' },
  groups: { loggedByService: 'Core Directory', category: 'GroupManagement' },
  users: { loggedByService: 'Core Directory', category: 'UserManagement' },
  pim: { loggedByService: 'PIM', category: 'RoleManagement' },
} as const;

/** Entries kept: a playground may run for days. */
const KEPT = 5000;

export interface AuditedChange {
  readonly service: keyof typeof SERVICES;
  readonly activity: string;
  readonly operation: 'Add' | 'Update' | 'Delete';
  readonly target: Entity;
  readonly targetType: string;
  readonly modified: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
}

/** Who changes something, and when; `state` is the one before. */
export type Cause = Pick<GraphCall, 'actor' | 'state' | 'now' | 'guid' | 'correlationId'>;

function initiator(cause: Cause): JsonObject {
  const { actor, state } = cause;
  if (actor.kind === 'User') {
    const known = callingUser(state, actor);
    const user = {
      id: known?.id ?? actor.objectId,
      displayName: (known && textAt(known, 'displayName')) ?? actor.name ?? null,
      userPrincipalName: (known && textAt(known, 'userPrincipalName')) ?? actor.upn ?? null,
      ipAddress: actor.address,
      userType: null,
      homeTenantId: null,
      homeTenantName: null,
    };
    return { user, app: null };
  }
  const known = callingApplication(state, actor);
  const app = {
    appId: actor.appId ?? null,
    displayName: (known && textAt(known, 'displayName')) ?? null,
    servicePrincipalId: known?.id ?? actor.objectId,
    servicePrincipalName: null,
  };
  return { user: null, app };
}

/** Old and new values are JSON in a string, and null where there is none. */
function asText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/** Entra is not of one mind: the same activity is logged with capitals and without. */
function spelt(activity: string, entries: number): string {
  return entries % 2 === 0 ? activity : activity.replace('conditional access', 'Conditional Access');
}

/** The state with the change on record: when, by whom, and what was before and after. */
export function audited(cause: Cause, state: DirectoryState, change: AuditedChange): DirectoryState {
  const entry: Entity = {
    id: `${SERVICES[change.service].category}_${cause.guid()}`,
    ...SERVICES[change.service],
    correlationId: cause.correlationId,
    result: 'success',
    resultReason: '',
    activityDisplayName: spelt(change.activity, state.directoryAudits.length),
    activityDateTime: cause.now.toISOString(),
    operationType: change.operation,
    userAgent: null,
    initiatedBy: initiator(cause),
    targetResources: [
      {
        id: change.target.id,
        displayName: textAt(change.target, 'displayName') ?? null,
        type: change.targetType,
        userPrincipalName: textAt(change.target, 'userPrincipalName') ?? null,
        groupType: null,
        modifiedProperties: change.modified.map(({ name, before, after }) => ({
          displayName: name,
          oldValue: asText(before),
          newValue: asText(after),
        })),
      },
    ],
    additionalDetails: [],
  };
  return { ...state, directoryAudits: [...state.directoryAudits, entry].slice(-KEPT) };
}

const SHAPE = {
  place: 'auditLogs/directoryAudits',
  largestPage: 1000,
  orderable: ['activityDateTime'],
  filterable: [
    'activityDateTime',
    'activityDisplayName',
    'category',
    'correlationId',
    'id',
    'initiatedBy/app/appId',
    'initiatedBy/app/displayName',
    'initiatedBy/user/displayName',
    'initiatedBy/user/id',
    'initiatedBy/user/userPrincipalName',
    'loggedByService',
    'result',
    'targetResources/displayName',
    'targetResources/id',
  ],
};

/** `GET /auditLogs/directoryAudits`: newest first. */
export function listAudits(call: GraphCall): GraphAnswer {
  return listAnswer(call, call.state.directoryAudits.toReversed(), SHAPE);
}
