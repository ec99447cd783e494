/** Polls one storage queue for one function, with the real host's rules on batches, retries and poison messages. */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { InvocationResult } from './dispatcher';
import type { TriggerInput } from './model';
import { decodeBody, queueInput } from './queue-message';
import type { QueueSettings } from './settings';

export interface QueueListener {
  readonly queueName: string;
  /** Looks at once instead of waiting for the next poll. */
  readonly wake: () => void;
  /** What is left to do, as a readable text: messages in hand, waiting, or due to be tried again. Undefined: nothing. */
  readonly busy: () => Promise<string | undefined>;
  /** Takes no more messages and waits for those in hand. */
  readonly stop: () => Promise<void>;
}

export interface QueueListenerOptions {
  readonly queue: QueueClient;
  readonly poison: QueueClient;
  readonly settings: QueueSettings;
  readonly invoke: (input: TriggerInput) => Promise<InvocationResult>;
  readonly warn: (text: string) => void;
}

const hiddenSeconds = 600;
const renewMilliseconds = 300_000;
const firstPollMilliseconds = 100;

export function listenToQueue(options: QueueListenerOptions): QueueListener {
  const { queue, poison, settings } = options;
  const inHand = new Set<Promise<void>>();
  const toRetry = new Set<string>();
  const stopping = new AbortController();
  let wakeUp: (() => void) | undefined;
  let wakeAgain = false;

  async function poll(): Promise<void> {
    let pause = firstPollMilliseconds;
    while (!stopping.signal.aborted) {
      const taken = inHand.size <= settings.newBatchThreshold ? await take() : 0;
      if (taken > 0) pause = firstPollMilliseconds;
      const mayTakeMore = taken > 0 && inHand.size <= settings.newBatchThreshold;
      if (mayTakeMore) continue;
      await sleep(pause);
      pause = Math.min(settings.maxPollingInterval, pause * 2);
    }
  }

  async function take(): Promise<number> {
    const messages = await receive();
    for (const message of messages) {
      const work = handle(message).catch((error: unknown) => options.warn(`${queue.name}: ${describe(error)}`));
      inHand.add(work);
      void work.finally(() => {
        inHand.delete(work);
        wake();
      });
    }
    return messages.length;
  }

  async function receive(): Promise<DequeuedMessageItem[]> {
    try {
      const answer = await queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: hiddenSeconds,
      });
      return answer.receivedMessageItems;
    } catch (error) {
      // A trigger's queue is not created by the host: until somebody writes to it there is nothing to take.
      if (!isMissing(error)) options.warn(`${queue.name}: ${describe(error)}`);
      return [];
    }
  }

  async function handle(message: DequeuedMessageItem): Promise<void> {
    const text = decodeBody(message.messageText, settings.messageEncoding);
    if (text === undefined || message.dequeueCount > settings.maxDequeueCount) return toPoison(message);
    const renewal = renewEvery(queue, message);
    const result = await options.invoke(queueInput(text, message));
    const current = await renewal.stop();
    if (result.ok) {
      toRetry.delete(message.messageId);
      await queue.deleteMessage(message.messageId, current);
      return;
    }
    if (message.dequeueCount >= settings.maxDequeueCount) return toPoison({ ...message, popReceipt: current });
    toRetry.add(message.messageId);
    await queue.updateMessage(message.messageId, current, undefined, Math.ceil(settings.visibilityTimeout / 1000));
  }

  async function toPoison(message: DequeuedMessageItem): Promise<void> {
    await poison.createIfNotExists();
    await poison.sendMessage(message.messageText, { messageTimeToLive: -1 });
    await queue.deleteMessage(message.messageId, message.popReceipt);
    toRetry.delete(message.messageId);
    options.warn(`${queue.name}: message ${message.messageId} was moved to ${poison.name}`);
  }

  function sleep(milliseconds: number): Promise<void> {
    if (wakeAgain) {
      wakeAgain = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wakeUp = () => {
        clearTimeout(timer);
        wakeAgain = false;
        resolve();
      };
    });
  }

  async function busy(): Promise<string | undefined> {
    if (inHand.size > 0) return `${inHand.size} message(s) of ${queue.name} in hand`;
    if (await hasVisible(queue)) return `messages wait in ${queue.name}`;
    if (toRetry.size === 0) return undefined;
    // Somebody may have emptied the queue: hidden messages are counted too.
    const { approximateMessagesCount = 0 } = await queue.getProperties();
    if (approximateMessagesCount === 0) toRetry.clear();
    return toRetry.size > 0 ? `${toRetry.size} message(s) of ${queue.name} to be tried again` : undefined;
  }

  function wake(): void {
    wakeAgain = true;
    wakeUp?.();
  }

  const polling = poll();
  return {
    queueName: queue.name,
    wake,
    busy,
    stop: async () => {
      stopping.abort();
      wake();
      await polling;
      await Promise.all(inHand);
    },
  };
}

/** Keeps a message hidden while its function runs; `stop` gives the pop receipt that is valid then. */
function renewEvery(queue: QueueClient, message: DequeuedMessageItem): { readonly stop: () => Promise<string> } {
  let receipt = message.popReceipt;
  let renewing: Promise<void> = Promise.resolve();
  async function renew(): Promise<void> {
    const answer = await queue.updateMessage(message.messageId, receipt, undefined, hiddenSeconds);
    receipt = answer.popReceipt ?? receipt;
  }
  const timer = setInterval(() => {
    // A renewal that fails is tried again at the next tick; if none succeeds the message comes back, which is its purpose.
    renewing = renew().catch(() => {});
  }, renewMilliseconds);
  return {
    stop: async () => {
      clearInterval(timer);
      await renewing;
      return receipt;
    },
  };
}

async function hasVisible(queue: QueueClient): Promise<boolean> {
  try {
    return (await queue.peekMessages({ numberOfMessages: 1 })).peekedMessageItems.length > 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 404;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
