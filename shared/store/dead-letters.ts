/** What Event Grid gave up on: the blobs it left in the container `guardrail-dead-letters`. */
import type { ContainerClient } from '@azure/storage-blob';
import { isObject, listOf, textOf } from '../network/json';
import type { DeadLetters } from '../ports';
import { containerOf, type StorageConnection } from './storage';
import { attempt, statusOf } from './storage-error';

export const DEAD_LETTER_CONTAINER = 'guardrail-dead-letters';
const MOST_BLOBS = 100;
/** A blob holds the events of five minutes; of a larger one the events cannot be counted, only said to be many. */
const MOST_BYTES = 4_000_000;
const MOST_REASONS = 5;
const LONGEST_REASON = 200;

/** The dead letters in the given storage account (https://learn.microsoft.com/azure/event-grid/manage-event-delivery). */
export function openDeadLetters(connection: StorageConnection): DeadLetters {
  let opened: Promise<ContainerClient> | undefined;
  return {
    async count() {
      opened ??= containerOf(connection, DEAD_LETTER_CONTAINER);
      const container = await opened;
      return attempt(`counting the dead letters in ${DEAD_LETTER_CONTAINER}`, () => counted(container));
    },
  };
}

async function counted(container: ContainerClient): Promise<{ events: number; reasons: readonly string[] }> {
  const { names, isMore } = await firstBlobs(container);
  const reasons = new Set<string>();
  let events = 0;
  for (const name of names) {
    const letters = await lettersIn(container, name);
    events += Math.max(1, letters.length);
    if (letters.length === 0) reasons.add(`${name} cannot be read as a list of events`);
    for (const letter of letters) reasons.add(reasonOf(letter));
  }
  const most = [...reasons].slice(0, MOST_REASONS);
  return { events, reasons: isMore ? [...most, `and more than the ${MOST_BLOBS} blobs that were counted`] : most };
}

async function firstBlobs(container: ContainerClient): Promise<{ names: readonly string[]; isMore: boolean }> {
  try {
    const pages = container.listBlobsFlat().byPage({ maxPageSize: MOST_BLOBS });
    for await (const page of pages) {
      const names = page.segment.blobItems.map(({ name }) => name);
      return { names, isMore: textOf(page.continuationToken) !== undefined };
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return { names: [], isMore: false };
}

async function lettersIn(container: ContainerClient, name: string): Promise<readonly unknown[]> {
  const { readableStreamBody } = await container.getBlobClient(name).download(0, MOST_BYTES);
  const chunks: Buffer[] = [];
  for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
  try {
    const letters: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return isObject(letters) ? [letters] : listOf(letters);
  } catch {
    return [];
  }
}

function reasonOf(letter: unknown): string {
  if (!isObject(letter)) return 'no reason is given';
  const reason = textOf(letter.deadLetterReason);
  const outcome = textOf(letter.lastDeliveryOutcome);
  const text = [reason, outcome].filter((part) => part !== undefined).join(', last answer ');
  return text === '' ? 'no reason is given' : text.slice(0, LONGEST_REASON);
}
