/** Reads of Graph's lists: all pages of one, or of many twenty at a time; what comes carries where it came from. */
import { isObject, listOf, objectOf, textOf } from '../../network/json';
import { AzureError, azureErrorFrom } from '../error';
import { type Graph, refusal, resourceOf } from './graph';
import { inParallel } from './in-parallel';

export interface Pages {
  /** Every item of every page, with the page's `@odata.context`, which says what it is. */
  readonly items: readonly unknown[];
  readonly error?: AzureError;
}

const CONTEXT = '@odata.context';
const MOST_IN_BATCH = 20;
const PARALLEL_BATCHES = 4;
/** About fifty thousand entries: beyond that a list is a gap and not a reason to read all day. */
const MOST_PAGES = 50;

/** All pages of the list at this path. Never throws: an error comes with what was read before it. */
export async function readPages(graph: Graph, path: string): Promise<Pages> {
  try {
    const { body } = await graph({ method: 'GET', path });
    return await following(graph, path, body);
  } catch (thrown) {
    return { items: [], error: azureErrorFrom(thrown, 'read', resourceOf(path)) };
  }
}

/** The same for many lists, in few requests; the answers are in the order of the paths. */
export async function readManyPages(graph: Graph, paths: readonly string[]): Promise<readonly Pages[]> {
  const pages = await inParallel(chunked(paths, MOST_IN_BATCH), PARALLEL_BATCHES, (some) => readBatch(graph, some));
  return pages.flat();
}

/** The list in pieces of at most so many. */
export function chunked<T>(list: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, index) =>
    list.slice(index * most, (index + 1) * most),
  );
}

async function readBatch(graph: Graph, paths: readonly string[]): Promise<readonly Pages[]> {
  const requests = paths.map((url, index) => ({ id: String(index), method: 'GET', url }));
  try {
    const { body } = await graph({ method: 'POST', path: '/$batch', body: { requests } });
    const answers = new Map(
      listOf(objectOf(body).responses).map((each) => [textOf(objectOf(each).id), objectOf(each)]),
    );
    return await Promise.all(paths.map((path, index) => readAnswer(graph, path, answers.get(String(index)))));
  } catch (thrown) {
    return paths.map((path) => ({ items: [], error: azureErrorFrom(thrown, 'read', resourceOf(path)) }));
  }
}

async function readAnswer(
  graph: Graph,
  path: string,
  answer: Readonly<Record<string, unknown>> | undefined,
): Promise<Pages> {
  const status = typeof answer?.status === 'number' ? answer.status : 0;
  // Alone it is tried again with pauses, which a part of a batch is not.
  if (!answer || status === 429 || status >= 500) return await readPages(graph, path);
  if (status >= 300) return { items: [], error: refusal({ status, body: answer.body }, 'read', resourceOf(path)) };
  return await following(graph, path, answer.body);
}

async function following(graph: Graph, path: string, first: unknown): Promise<Pages> {
  const items: unknown[] = [];
  const seen = new Set<string>();
  try {
    for (let body = first; ; ) {
      if (!isObject(body) || !Array.isArray(body.value)) throw unexpected(path, 'the answer is not a page of a list');
      const context = textOf(body[CONTEXT]);
      for (const item of listOf(body.value)) {
        items.push(isObject(item) && context !== undefined ? { [CONTEXT]: context, ...item } : item);
      }
      const link = textOf(body['@odata.nextLink']);
      if (link === undefined) return { items };
      if (seen.has(link)) throw unexpected(path, 'the nextLink leads back to a page that was read already');
      if (seen.size >= MOST_PAGES) throw unexpected(path, `it has more than ${MOST_PAGES} pages`);
      seen.add(link);
      ({ body } = await graph({ method: 'GET', path: link }));
    }
  } catch (thrown) {
    return { items, error: azureErrorFrom(thrown, 'read', resourceOf(path)) };
  }
}

function unexpected(path: string, detail: string): AzureError {
  const facts = { operation: 'read', resource: resourceOf(path), code: 'UnexpectedAnswer', retryable: true };
  return new AzureError(facts, detail);
}
