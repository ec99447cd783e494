/** How a queue message's body travels, and what a queue trigger tells the worker about the message. */
import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { TriggerInput, TypedData } from './model';
import type { QueueSettings } from './settings';

type Encoding = QueueSettings['messageEncoding'];

/** The text of a received body; undefined when it should be base64 of UTF-8 and is not. */
export function decodeBody(body: string, encoding: Encoding): string | undefined {
  if (encoding === 'none') return body;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(body)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    return undefined;
  }
}

/** A body as it is put on the wire. */
export function encodeBody(content: string | Uint8Array, encoding: Encoding): string {
  const bytes = Buffer.from(content);
  return encoding === 'none' ? bytes.toString('utf8') : bytes.toString('base64');
}

/** What the worker receives for one message. The names are the binding contract's; the library lower-cases the first letter. */
export function queueInput(text: string, message?: DequeuedMessageItem): TriggerInput {
  const metadata: Record<string, TypedData> = { QueueTrigger: { string: text } };
  if (message !== undefined) {
    metadata['DequeueCount'] = { int: message.dequeueCount };
    metadata['Id'] = { string: message.messageId };
    metadata['PopReceipt'] = { string: message.popReceipt };
    metadata['InsertionTime'] = { json: JSON.stringify(message.insertedOn) };
    metadata['ExpirationTime'] = { json: JSON.stringify(message.expiresOn) };
    metadata['NextVisibleTime'] = { json: JSON.stringify(message.nextVisibleOn) };
  }
  return { value: { string: text }, metadata };
}

/** The messages that one output value stands for: an array fans out, and so does a string that holds a JSON array. */
export function messagesOf(data: TypedData): (string | Uint8Array)[] {
  if (data.bytes !== undefined) return [data.bytes];
  const text = data.string ?? data.json ?? String(data.int ?? data.double ?? '');
  const items = text.trimStart().startsWith('[') ? parseArray(text) : undefined;
  if (items === undefined) return [text];
  return items
    .filter((item) => item !== null && item !== undefined)
    .map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
