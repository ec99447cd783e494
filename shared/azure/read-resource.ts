/** Reads of ARM as raw JSON: one resource, or a list with all its pages. */
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { isObject, type JsonObject, textOf } from '../network/json';
import { refusedRead, parsed, unexpectedAnswer } from './answer';
import { apiVersionFor } from './api-version';
import type { ArmClient, ArmClients } from './client';
import { AzureError, azureErrorFrom } from './error';

export interface ListReading {
  /** Every item of every page that could be read, exactly as it came. */
  readonly items: readonly unknown[];
  readonly error?: AzureError;
}

/** Reads all pages of the list at this path. Never throws: an error comes with what was read before it. */
export async function readList(clients: ArmClients, path: string): Promise<ListReading> {
  return readPages(clients, path, 'get');
}

/** The same of a list that ARM gives for a POST; its further pages come by GET, as the typed clients ask for them. */
export async function readActionList(clients: ArmClients, path: string): Promise<ListReading> {
  return readPages(clients, path, 'post');
}

async function readPages(clients: ArmClients, path: string, first: 'get' | 'post'): Promise<ListReading> {
  const items: unknown[] = [];
  try {
    const client = await clients(subscriptionIn(path));
    const pages = new Set<string>();
    for (let next: string | undefined = address(path); next !== undefined; ) {
      pages.add(next);
      const response = await client[pages.size === 1 ? first : 'get'](next);
      const page: Page = pageIn(response, path, pages);
      for (const item of page.value) items.push(item);
      next = page.nextLink;
    }
    return { items };
  } catch (thrown) {
    return { items, error: azureErrorFrom(thrown, 'read', path) };
  }
}

/** Reads one resource; undefined when it does not exist. Throws AzureError on anything else. */
export async function readResource(clients: ArmClients, id: string): Promise<unknown> {
  try {
    const client = await clients(subscriptionIn(id));
    return await readObject(client, address(id), id);
  } catch (thrown) {
    const error = azureErrorFrom(thrown, 'read', id);
    if (error.status === 404) return undefined;
    throw error;
  }
}

interface Page {
  readonly value: readonly unknown[];
  readonly nextLink?: string;
}

function pageIn(response: PipelineResponse, path: string, seen: ReadonlySet<string>): Page {
  if (response.status >= 300) throw refusedRead(response, path);
  const body = parsed(response.bodyAsText);
  if (!isObject(body) || !Array.isArray(body.value)) {
    throw unexpectedAnswer(response, path, 'the answer is not a page of a list');
  }
  const nextLink = textOf(body.nextLink);
  if (nextLink !== undefined && seen.has(nextLink)) {
    throw unexpectedAnswer(response, path, 'the nextLink leads back to a page that was read already');
  }
  const value: readonly unknown[] = body.value;
  return nextLink === undefined ? { value } : { value, nextLink };
}

async function readObject(client: ArmClient, url: string, id: string): Promise<JsonObject> {
  const response = await client.get(url);
  if (response.status >= 300) throw refusedRead(response, id);
  const body = parsed(response.bodyAsText);
  if (!isObject(body)) throw unexpectedAnswer(response, id, 'the answer is not a JSON object');
  return body;
}

/** Ids come unencoded, and names may hold more than URLs do. */
function address(path: string): string {
  return `${path.split('/').map(encodeURIComponent).join('/')}?api-version=${apiVersionFor(path)}`;
}

function subscriptionIn(path: string): string {
  const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(path) ?? [];
  if (subscription) return subscription;
  const facts = { operation: 'read', resource: path, code: 'UnknownResource', retryable: false };
  throw new AzureError(facts, 'this is not the id of something in a subscription');
}
