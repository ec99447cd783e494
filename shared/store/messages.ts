/** Queue messages of our own: base64 of JSON, in a queue that is made when the first message finds it missing. */
import type { QueueClient } from '@azure/storage-queue';
import { attempt, codeOf } from './storage-error';

const WEEK_SECONDS = 7 * 24 * 3600;

/** Sends one message that nobody sees before so many seconds have passed. */
export async function send(queue: QueueClient, message: object, afterSeconds: number): Promise<void> {
  const text = Buffer.from(JSON.stringify(message)).toString('base64');
  const options = { visibilityTimeout: afterSeconds, messageTimeToLive: WEEK_SECONDS };
  await attempt(`putting a message into queue ${queue.name}`, async () => {
    try {
      await queue.sendMessage(text, options);
    } catch (error) {
      if (codeOf(error) !== 'QueueNotFound') throw error;
      await queue.createIfNotExists();
      await queue.sendMessage(text, options);
    }
  });
}
