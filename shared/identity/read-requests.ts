/** What PIM was asked for: activations that were made, and requests that are still waiting. */
import { objectOf, propertiesOf, textOf } from '../network/json';
import type { Gap } from '../network/network';
import type { Entry } from './entry';
import { type Activation, objectIdOf, scopeKeyOf } from './identity';
import { instantOf, secondsOf } from './instant';
import { malformed } from './read-gap';

export interface Requests {
  readonly activations: readonly Activation[];
  readonly pendingRequests: readonly string[];
}

/** Statuses in which something is still to come: https://learn.microsoft.com/rest/api/authorization/role-assignment-schedule-requests */
const WAITING = /^(pending|accepted$|granted$|adminapproved$|provisioningstarted$)/i;
const GRANTED = /^(provisioned|provisioningstarted|granted|accepted|schedulecreated)$/i;

/** Reads requests, and from current instances the activations whose request is not among them; sorted by time. */
export function readRequests(entries: readonly Entry[], gaps: Gap[]): Requests {
  const activations = new Map<string, Activation>();
  const pending: string[] = [];
  for (const { kind, json } of entries) {
    const isRequest = kind === 'assignment-request' || kind === 'eligibility-request';
    if (!isRequest && kind !== 'assignment-instance') continue;
    const properties = propertiesOf(json);
    const resource = textOf(json.id) ?? textOf(json.name);
    if (isRequest && resource === undefined) gaps.push(malformed(kind, json, 'id'));
    if (resource === undefined) continue;
    const status = textOf(properties.status) ?? '';
    if (isRequest && WAITING.test(status)) pending.push(resource);
    const schedule = isRequest ? properties.targetRoleAssignmentScheduleId : properties.roleAssignmentScheduleId;
    const isActivation = isRequest
      ? /^selfactivate$/i.test(textOf(properties.requestType) ?? '') && GRANTED.test(status)
      : /^activated$/i.test(textOf(properties.assignmentType) ?? '');
    if (!isActivation) continue;
    const activation = activationIn(resource, properties);
    // What an instance lacks is said where it is read as an assignment.
    if (!activation && isRequest) gaps.push(malformed(kind, json, 'principal, role, scope or start'));
    if (!activation) continue;
    const key = objectIdOf(textOf(schedule) ?? resource);
    if (isRequest || !activations.has(key)) activations.set(key, activation);
  }
  const sorted = [...activations.values()].toSorted((a, b) => (instantOf(a.at) ?? 0) - (instantOf(b.at) ?? 0));
  return { activations: sorted, pendingRequests: pending };
}

function activationIn(resource: string, properties: ReturnType<typeof propertiesOf>): Activation | undefined {
  const role = textOf(properties.roleDefinitionId);
  const principal = textOf(properties.principalId);
  const scope = textOf(properties.scope);
  const schedule = objectOf(properties.scheduleInfo);
  const at = [schedule.startDateTime, properties.startDateTime, properties.createdOn]
    .map(textOf)
    .find((text) => instantOf(text) !== undefined);
  if (role === undefined || principal === undefined || scope === undefined || at === undefined) return undefined;
  const end = textOf(properties.endDateTime) ?? endOf(schedule, at);
  return {
    resource,
    role: objectIdOf(role),
    principal: objectIdOf(principal),
    scope: scopeKeyOf(scope),
    at,
    ...(end && { end }),
  };
}

function endOf(schedule: ReturnType<typeof objectOf>, at: string): string | undefined {
  const expiration = objectOf(schedule.expiration);
  const seconds = secondsOf(expiration.duration);
  const end = textOf(expiration.endDateTime);
  if (end !== undefined || seconds === undefined) return end;
  return new Date((instantOf(at) ?? 0) + seconds * 1000).toISOString();
}
