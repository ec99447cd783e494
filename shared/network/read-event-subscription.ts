/** Event Grid subscriptions on the events of an Azure subscription, from ARM's JSON: what wakes the guardrail up. */
import { operationsAlong, ROADS } from '../roads';
import type { ArmResource, Resources } from './arm-resource';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import { type EventSubscription, keyOf, nameOf, parentIdOf } from './network';

const TOPIC = 'microsoft.eventgrid/systemtopics';
const ON_TOPIC = `${TOPIC}/eventsubscriptions`;
const ON_SUBSCRIPTION = 'microsoft.eventgrid/eventsubscriptions';

/** What a topic of this kind sends when nobody chose (https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions). */
const EVERY_EVENT_TYPE: readonly string[] = ['Write', 'Delete', 'Action'].flatMap((kind) =>
  ['Success', 'Failure', 'Cancel'].map((ending) => `Microsoft.Resources.Resource${kind}${ending}`),
);

const OPERATIONS: readonly string[] = ROADS.flatMap(operationsAlong).map((operation) => operation.toLowerCase());

/**
 * Reads those that stand on a system topic or directly on the subscription; those on storage accounts, resource groups
 * and the like are passed over. Undefined if the input holds nothing of Event Grid at all: then nobody asked.
 */
export function readEventSubscriptions({ of, get }: Resources): readonly EventSubscription[] | undefined {
  const found = [...of(ON_TOPIC), ...of(ON_SUBSCRIPTION)];
  if (found.length === 0 && of(TOPIC).length === 0) return undefined;
  return found
    .flatMap((resource) => readEventSubscription(resource, get(parentIdOf(resource.id)), get))
    .toSorted((a, b) => (keyOf(a.id) < keyOf(b.id) ? -1 : 1));
}

function readEventSubscription(
  resource: ArmResource,
  parent: ArmResource | undefined,
  get: Resources['get'],
): EventSubscription[] {
  const { id, json } = resource;
  const properties = propertiesOf(json);
  const named = textOf(properties.topic) ?? '';
  const topic = propertiesOf((parent ?? get(named))?.json);
  const subscriptionId = subscriptionIn(textOf(topic.source) ?? named) ?? ownerWithoutTopic(resource, topic);
  if (subscriptionId === undefined) return [];
  const filter = objectOf(properties.filter);
  const functionName = functionIn(destinationOf(properties));
  const operations = operationsThrough(filter, subscriptionId);
  const chosen = listOf(filter.includedEventTypes).flatMap((type) => textOf(type) ?? []);
  return [
    {
      id,
      name: nameOf(id),
      subscriptionId,
      ...(functionName !== undefined && { functionName }),
      eventTypes: chosen.length > 0 ? chosen : EVERY_EVENT_TYPE,
      ...(operations && { operations }),
      provisioningState: [topic, properties].map(stateOf).find((state) => !isReady(state)) ?? 'Succeeded',
      hasDeadLetters: isObject(properties.deadLetterDestination) || isObject(properties.deadLetterWithResourceIdentity),
    },
  ];
}

/** Only the whole subscription counts: a topic of one resource group hears nothing of the others. */
function subscriptionIn(source: string): string | undefined {
  return /^\/subscriptions\/([^/]+)\/?$/i.exec(source)?.[1]?.toLowerCase();
}

/** Without its topic in the input: on the subscription its id begins with, unless something stands in between. */
function ownerWithoutTopic({ id, type }: ArmResource, topic: JsonObject): string | undefined {
  if (textOf(topic.source) !== undefined) return undefined;
  const scope = type === ON_TOPIC ? id.split('/').slice(0, 3).join('/') : id.replace(/\/providers\/.*/i, '');
  return subscriptionIn(scope);
}

function stateOf(properties: JsonObject): string {
  return textOf(properties.provisioningState) ?? 'Succeeded';
}

function isReady(state: string): boolean {
  return state.toLowerCase() === 'succeeded';
}

function destinationOf(properties: JsonObject): JsonObject {
  const withIdentity = objectOf(properties.deliveryWithResourceIdentity);
  return objectOf(withIdentity.destination ?? properties.destination);
}

function functionIn(destination: JsonObject): string | undefined {
  if (textOf(destination.endpointType)?.toLowerCase() !== 'azurefunction') return undefined;
  const target = textOf(propertiesOf(destination).resourceId) ?? '';
  return /\/functions\/([^/]+)$/i.exec(target)?.[1];
}

/**
 * Of the operations that matter here, those that surely pass every filter: one that is not understood lets nothing
 * through. Undefined without any filter.
 */
function operationsThrough(filter: JsonObject, subscriptionId: string): readonly string[] | undefined {
  const filters = listOf(filter.advancedFilters).map(objectOf);
  if (isNarrowedBySubject(filter, subscriptionId)) return [];
  if (filters.length === 0) return undefined;
  return OPERATIONS.filter((operation) => filters.every((each) => isPassed(each, operation)));
}

function isNarrowedBySubject({ subjectBeginsWith, subjectEndsWith }: JsonObject, subscriptionId: string): boolean {
  const start = textOf(subjectBeginsWith)?.toLowerCase() ?? '';
  return textOf(subjectEndsWith) !== undefined || !`/subscriptions/${subscriptionId}/`.startsWith(start);
}

type TextTest = (text: string, value: string) => boolean;

const TESTS: Readonly<Record<string, TextTest>> = {
  in: (text, value) => text === value,
  beginswith: (text, value) => text.startsWith(value),
  endswith: (text, value) => text.endsWith(value),
  contains: (text, value) => text.includes(value),
};

/** Texts are compared without their casing (https://learn.microsoft.com/azure/event-grid/event-filtering#advanced-filtering). */
function isPassed({ operatorType, key, values }: JsonObject, operation: string): boolean {
  const text = factOf(operation, textOf(key)?.toLowerCase());
  const [, not, name = ''] = /^string(not)?(.+)$/.exec(textOf(operatorType)?.toLowerCase() ?? '') ?? [];
  const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
  if (text === undefined || !test) return false;
  const isAny = listOf(values).some((value) => typeof value === 'string' && test(text, value.toLowerCase()));
  return not === undefined ? isAny : !isAny;
}

function factOf(operation: string, key: string | undefined): string | undefined {
  if (key === 'data.operationname') return operation;
  return key === 'data.resourceprovider' ? operation.slice(0, operation.indexOf('/')) : undefined;
}
