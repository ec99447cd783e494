/** Who is told of a subscription's events: its Event Grid system topic with the event subscriptions on it. */
import { objectOf, propertiesOf, textOf } from '../network/json';
import type { ArmClients } from './client';
import type { AzureError } from './error';
import { joined, notReadBeside, type Observation } from './observation';
import { readList } from './read-resource';

/** Reads them anew; what cannot be read is a gap that no repair waits for. */
export type EventReader = (subscriptionId: string) => Promise<Observation>;

const TOPIC_TYPE = 'microsoft.resources.subscriptions';

/**
 * A reader that remembers the topic of each subscription: Azure lets a subscription have one, so after the first look
 * its event subscriptions are asked for at once, and the topic only when nothing is found on it.
 *
 * `expected`: the guardrail is woken by events, so a subscription without a topic is reported as one with nothing on it;
 * otherwise nothing is said about it.
 */
export function eventReader(clients: ArmClients, expected: boolean): EventReader {
  const remembered = new Map<string, readonly unknown[]>();

  async function readTopics(subscriptionId: string): Promise<Observation> {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.EventGrid/systemTopics`;
    const { items, error } = await readList(clients, path);
    if (error && error.status !== 404) return { resources: [], gaps: [unread(path, error, 'systemTopics')] };
    const topics = items.filter(isOnSubscription);
    remembered.set(subscriptionId, topics);
    if (topics.length === 0) return { resources: expected ? [noTopic(subscriptionId)] : [], gaps: [] };
    return joined([{ resources: topics, gaps: [] }, ...(await Promise.all(topics.map(readTopic)))]);
  }

  async function readTopic(topic: unknown): Promise<Observation> {
    const path = `${textOf(objectOf(topic).id) ?? ''}/eventSubscriptions`;
    const { items, error } = await readList(clients, path);
    if (!error || error.status === 404) return { resources: items, gaps: [] };
    return { resources: items, gaps: [unread(path, error, 'systemTopics/eventSubscriptions')] };
  }

  return async (subscriptionId) => {
    const topics = remembered.get(subscriptionId) ?? [];
    const onTopics = joined(await Promise.all(topics.map(readTopic)));
    if (onTopics.resources.length === 0 && onTopics.gaps.length === 0) return readTopics(subscriptionId);
    return joined([{ resources: topics, gaps: [] }, onTopics]);
  };
}

function isOnSubscription(topic: unknown): boolean {
  return textOf(propertiesOf(topic).topicType)?.toLowerCase() === TOPIC_TYPE;
}

/** Stands for the topic that should be there: without it nobody could tell that somebody has deleted everything. */
function noTopic(subscriptionId: string): unknown {
  const source = `/subscriptions/${subscriptionId}`;
  const id = `${source}/providers/Microsoft.EventGrid/systemTopics/none`;
  return { id, name: 'none', type: 'Microsoft.EventGrid/systemTopics', properties: { source, topicType: TOPIC_TYPE } };
}

function unread(path: string, error: AzureError, type: string): Observation['gaps'][number] {
  return notReadBeside(path, 'event-subscriptions-not-read', error, `Microsoft.EventGrid/${type}/read`);
}
