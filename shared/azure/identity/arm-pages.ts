/** Reads of ARM's lists with all their pages. */
import { textOf } from '../../network/json';
import { AzureError, azureErrorFrom } from '../error';
import type { Authorization } from './authorization';

export interface ArmPages {
  /** The path without its query. */
  readonly path: string;
  /** Every item of every page that could be read, exactly as it came. */
  readonly items: readonly unknown[];
  readonly error?: AzureError;
}

/** Never throws: an error comes with what was read before it. */
export async function readArmPages(arm: Authorization, pathAndQuery: string): Promise<ArmPages> {
  const path = decodeURIComponent(pathAndQuery.split('?')[0] ?? pathAndQuery);
  const items: unknown[] = [];
  const seen = new Set<string>();
  try {
    for (let next: string | undefined = pathAndQuery; next !== undefined; ) {
      if (seen.has(next)) throw unexpected(path, 'the nextLink leads back to a page that was read already');
      seen.add(next);
      const page = await arm.read(next);
      if (!Array.isArray(page.value)) throw unexpected(path, 'the answer is not a page of a list');
      for (const item of page.value) items.push(item);
      next = textOf(page.nextLink);
    }
    return { path, items };
  } catch (thrown) {
    return { path, items, error: azureErrorFrom(thrown, 'read', path) };
  }
}

function unexpected(path: string, detail: string): AzureError {
  return new AzureError({ operation: 'read', resource: path, code: 'UnexpectedAnswer', retryable: true }, detail);
}
