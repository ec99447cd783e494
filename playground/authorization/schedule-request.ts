// A request to PIM: grant, remove, extend or activate a role; what it asks for and how far it has come.
import type { JsonObject } from '../azure/json';
import { sameText } from '../azure/json';
import { sameId } from '../azure/resource-id';
import type { HeldRole, PrincipalType } from './role';

export type Side = 'Eligibility' | 'Assignment';

export const REQUEST_TYPES = [
  'AdminAssign',
  'AdminRemove',
  'AdminUpdate',
  'AdminExtend',
  'AdminRenew',
  'SelfActivate',
  'SelfDeactivate',
  'SelfExtend',
  'SelfRenew',
] as const;

export type RequestType = (typeof REQUEST_TYPES)[number];

export type RequestStatus =
  | 'PendingApproval'
  | 'PendingAdminDecision'
  | 'PendingProvisioning'
  | 'PendingRevocation'
  | 'Provisioned'
  | 'ScheduleCreated'
  | 'Revoked'
  | 'Canceled';

export interface ScheduleRequest {
  readonly name: string;
  readonly side: Side;
  readonly requestType: RequestType;
  readonly status: RequestStatus;
  readonly scope: string;
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly requestorId: string;
  readonly createdOn: string;
  readonly start: string;
  /** None: permanent. */
  readonly end?: string | undefined;
  /** The name of the schedule that it makes or changes. */
  readonly schedule: string;
  /** Of an activation: the eligible schedule that is activated. */
  readonly eligibility?: string | undefined;
  readonly approvalId?: string | undefined;
  readonly justification?: string | undefined;
  readonly condition?: string | undefined;
  readonly conditionVersion?: string | undefined;
  /** As they were sent. */
  readonly scheduleInfo?: JsonObject | undefined;
  readonly ticketInfo?: JsonObject | undefined;
  /** How often it has yet to be looked at until PIM has carried it out. */
  readonly pollsLeft: number;
}

/** True until PIM has carried the request out or let it go. */
export function isPending({ status }: ScheduleRequest): boolean {
  return status.startsWith('Pending');
}

/** True when PIM carries it out by itself. */
export function isUnderWay({ status }: ScheduleRequest): boolean {
  return status === 'PendingProvisioning' || status === 'PendingRevocation';
}

/** True for a request that takes a role away. */
export function isRemoval({ requestType }: Pick<ScheduleRequest, 'requestType'>): boolean {
  return requestType === 'AdminRemove' || requestType === 'SelfDeactivate';
}

/** Eligible roles and active ones have schedules, instances and requests of their own, alike but for a few words. */
export function sideOf({ kind }: Pick<HeldRole, 'kind'>): Side {
  return kind === 'Eligible' ? 'Eligibility' : 'Assignment';
}

type Subject = Pick<ScheduleRequest, 'scope' | 'role' | 'principalId'>;

/** True when both are about the same role of the same principal at the same scope. */
export function isSameSubject(left: Subject, right: Subject): boolean {
  return sameId(left.scope, right.scope) && left.role === right.role && sameText(left.principalId, right.principalId);
}

/** True when the request is about the role that is held: an activation ends by SelfDeactivate, all else by an admin. */
export function concerns(request: Subject & Pick<ScheduleRequest, 'side' | 'requestType'>, held: HeldRole): boolean {
  if (sideOf(held) !== request.side || !isSameSubject(request, held)) return false;
  return request.requestType !== 'SelfDeactivate' || held.kind === 'Activated';
}
