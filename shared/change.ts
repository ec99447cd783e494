/** One Azure event, normalised: an invitation to look, never a source of facts about the network. */
import { type Actor, readActor } from './event/actor';
import { describe, type EventRecord, field, isRecord, LONGEST_FIELD, lower, shown } from './event/field';
import { readResourceId } from './event/resource-name';
import { roadOf } from './roads';

export type { Actor } from './event/actor';
export type ChangeKind = 'write' | 'delete' | 'action';

export interface Change {
  readonly eventId: string;
  readonly resourceId: string;
  readonly subscriptionId: string;
  /** ARM's operation, as in `Microsoft.Network/networkSecurityGroups/securityRules/write`. */
  readonly operation: string;
  readonly kind: ChangeKind;
  readonly actor: Actor;
  /** ISO 8601, as the event says. */
  readonly time: string;
  readonly correlationId?: string;
}

export type ChangeReading =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

const SUCCESSES: ReadonlyMap<string, ChangeKind> = new Map([
  ['microsoft.resources.resourcewritesuccess', 'write'],
  ['microsoft.resources.resourcedeletesuccess', 'delete'],
  ['microsoft.resources.resourceactionsuccess', 'action'],
  ['microsoft.resourcenotifications.resources.createdorupdated', 'write'],
  ['microsoft.resourcenotifications.resources.deleted', 'delete'],
]);
/** More than Date.parse asks for: that accepts any words in parentheses. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const NOTHING_HAPPENED = /^microsoft\.resources\.resource(?:write|delete|action)(?:failure|cancel)$/;

/**
 * Reads one event as Event Grid hands it over, in the Event Grid schema or as a CloudEvent 1.0
 * (https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions).
 * Never throws. `ignored` is an event in good order that cannot concern an admin port; `malformed` names every problem
 * there is. Texts that reach people have no control characters and at most 256 characters.
 */
export function readChange(event: unknown): ChangeReading {
  if (!isRecord(event)) {
    return { kind: 'malformed', problems: [`an event is one JSON object, and this is ${describe(event)}`] };
  }
  const type = field(event, 'eventType') ?? field(event, 'type');
  if (typeof type !== 'string' || type === '') {
    return { kind: 'malformed', problems: [`eventType (or type, in a CloudEvent) is ${describe(type)}`] };
  }
  if (NOTHING_HAPPENED.test(lower(type))) return { kind: 'ignored', why: `${shown(type)}: nothing was changed` };
  const kind = SUCCESSES.get(lower(type));
  if (!kind) return { kind: 'ignored', why: `${shown(type)} is not an event about a resource` };
  return readResourceEvent(event, kind);
}

function readResourceEvent(event: EventRecord, kind: ChangeKind): ChangeReading {
  const problems: string[] = [];
  const isCloudEvent = field(event, 'eventType') === undefined;
  const timeName = isCloudEvent ? 'time' : 'eventTime';
  if (isCloudEvent && field(event, 'specversion') !== '1.0') {
    problems.push(`specversion is ${describe(field(event, 'specversion'))} and must be "1.0"`);
  }
  const eventId = requiredText(event, 'id', problems);
  const time = requiredText(event, timeName, problems);
  if (time && !(ISO_TIME.test(time) && Date.parse(time) > 0))
    problems.push(`${timeName} '${shown(time)}' is not a time`);
  const resource = readResourceId(field(event, 'subject'), problems);
  const data = field(event, 'data');
  if (!isRecord(data)) problems.push(`data is ${describe(data)} and must be an object`);
  if (problems.length > 0 || !resource || !isRecord(data)) return { kind: 'malformed', problems };

  const operationName = shown(field(data, 'operationName'));
  if (!isRoad(resource.type, kind, operationName)) {
    return {
      kind: 'ignored',
      why: `${operationName ?? shown(resource.type)} cannot open an admin port or weaken the sign-in`,
    };
  }
  const operation = operationName ?? `${resource.type}/${kind}`;
  const correlationId = shown(field(data, 'correlationId'));
  const change: Change = {
    eventId,
    resourceId: resource.id,
    subscriptionId: resource.subscriptionId,
    operation,
    kind,
    actor: readActor(data),
    time,
    ...(correlationId && { correlationId }),
  };
  return { kind: 'change', change };
}

/** Actions that only read, some of which a look makes itself: they must not lead to the next one. */
const POST_READS: ReadonlySet<string> = new Set([
  'getshareablelinks',
  'getactivesessions',
  'listdeploymentstatus',
  'listnetworkmanagereffectivesecurityadminrules',
  'effectivenetworksecuritygroups',
  'effectiveroutetable',
]);

/** Whether a change of that kind is a reason to look; an action without a name may be any of its type's. */
function isRoad(type: string, kind: ChangeKind, operation: string | undefined): boolean {
  const road = roadOf(type === 'resource group' ? 'Microsoft.Resources/subscriptions/resourceGroups' : type);
  if (!road) return false;
  if (kind === 'write') return road.writes;
  if (kind === 'delete') return road.deletes;
  const [, name = ''] = /\/([^/]+)\/action$/.exec(lower(operation ?? '')) ?? [];
  if (road.actions.some((action) => lower(action) === name)) return true;
  // Of machines and groups most actions are about something else.
  return /^microsoft\.network\//i.test(road.type) && !POST_READS.has(name);
}

function requiredText(event: EventRecord, name: string, problems: string[]): string {
  const value = field(event, name);
  const text = shown(value);
  if (typeof value === 'string' && value.length <= LONGEST_FIELD && text) return text;
  problems.push(`${name} is ${describe(value)} and must be a text`);
  return '';
}
