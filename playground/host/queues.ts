/** The storage queues that triggers and outputs name: one client per connection and queue. */
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { textAt } from '../json';
import type { Binding, TypedData } from './model';
import { encodeBody, messagesOf } from './queue-message';
import { type QueueSettings, resolveSettings } from './settings';

export interface Queues {
  /** The queue that a trigger or output binding names. Throws when its connection or a `%SETTING%` is missing. */
  readonly of: (binding: Binding) => QueueClient;
  /** The poison queue that belongs to the queue of a trigger. */
  readonly poisonOf: (binding: Binding) => QueueClient;
  /** Writes an output binding's value, creating the queue when it is not there. Rejects when storage does. */
  readonly deliver: (binding: Binding, data: TypedData) => Promise<void>;
}

/** `onDelivered` hears the name of each queue that an output has just written to, so that its listener need not wait. */
export function createQueues(
  environment: NodeJS.ProcessEnv,
  encoding: QueueSettings['messageEncoding'],
  onDelivered: (queueName: string) => void,
): Queues {
  const services = new Map<string, QueueServiceClient>();

  function service(connection: string): QueueServiceClient {
    const known = services.get(connection);
    if (known !== undefined) return known;
    const connectionString = environment[connection] ?? environment[`AzureWebJobs${connection}`];
    if (connectionString === undefined || connectionString === '') {
      throw new Error(`Storage connection '${connection}' is not set.`);
    }
    const made = QueueServiceClient.fromConnectionString(connectionString);
    services.set(connection, made);
    return made;
  }

  function named(binding: Binding, suffix: string): QueueClient {
    const connection = typeof binding['connection'] === 'string' ? binding['connection'] : 'AzureWebJobsStorage';
    const name = resolveSettings(textAt(binding, 'queueName'), environment).toLowerCase();
    return service(connection || 'AzureWebJobsStorage').getQueueClient(`${name}${suffix}`);
  }

  async function deliver(binding: Binding, data: TypedData): Promise<void> {
    if (binding.type.toLowerCase() !== 'queue') {
      throw new Error(`The local host has no output binding of type "${binding.type}".`);
    }
    const queue = named(binding, '');
    await queue.createIfNotExists();
    for (const message of messagesOf(data)) await queue.sendMessage(encodeBody(message, encoding));
    onDelivered(queue.name);
  }

  return { of: (binding) => named(binding, ''), poisonOf: (binding) => named(binding, '-poison'), deliver };
}
