/** The event subscriptions of a deployment, read from the file that Bicep reads, so that both deliver the same events. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSubscription } from './azure';
import { at, isObject, type JsonObject, parseJson } from './json';
import { projectRoot } from './project-root';

/** Every event subscription of a deployment keeps what it gives up on here. */
const DEAD_LETTERS = 'guardrail-dead-letters';

const GROUP = 'rg-guardrail';
const TOPIC = 'evgt-guardrail';

/** The entries of `infra/event-filters.json`. Throws when the file has no list of subscriptions. */
export function deployedEventSubscriptions(): EventSubscription[] {
  const path = join(projectRoot(), 'infra/event-filters.json');
  const entries = at(parseJson(readFileSync(path, 'utf8')), 'eventSubscriptions');
  if (!Array.isArray(entries) || !entries.every(isEventSubscription)) {
    throw new Error(`${path} has no list of event subscriptions, each with a name and a function.`);
  }
  return entries.map((entry) => ({ deadLetterContainer: DEAD_LETTERS, ...entry }));
}

/** A subscription's system topic with `deployed` on it, as ARM shows them; nothing where there are none. */
export function eventGridResources(subscription: string, deployed: readonly EventSubscription[]): JsonObject[] {
  if (deployed.length === 0) return [];
  const group = `/subscriptions/${subscription}/resourceGroups/${GROUP}/providers`;
  const id = `${group}/Microsoft.EventGrid/systemTopics/${TOPIC}`;
  const source = `/subscriptions/${subscription}`;
  const topic = {
    id,
    name: TOPIC,
    type: 'Microsoft.EventGrid/systemTopics',
    location: 'global',
    properties: { provisioningState: 'Succeeded', source, topicType: 'Microsoft.Resources.Subscriptions' },
  };
  const site = `${group}/Microsoft.Web/sites/func-guardrail/functions`;
  const storage = `${group}/Microsoft.Storage/storageAccounts/stguardrail`;
  const subscriptions = deployed.map(({ name, function: target, deadLetterContainer, ...filter }) => ({
    id: `${id}/eventSubscriptions/${name}`,
    name,
    type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    properties: {
      provisioningState: 'Succeeded',
      topic: id,
      destination: { endpointType: 'AzureFunction', properties: { resourceId: `${site}/${target}` } },
      filter,
      ...(deadLetterContainer !== undefined && {
        deadLetterDestination: {
          endpointType: 'StorageBlob',
          properties: { resourceId: storage, blobContainerName: deadLetterContainer },
        },
      }),
    },
  }));
  return [topic, ...subscriptions];
}

function isEventSubscription(value: unknown): value is EventSubscription {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['function'] === 'string';
}
