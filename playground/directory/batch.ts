// POST /$batch: up to twenty requests in one, each answered as if it had come alone.
import { isObject, listAt, objectAt, textAt, textsAt } from '../azure/json';
import { badRequest } from './graph-error';

export interface BatchedRequest {
  readonly method: string;
  /** Below `/v1.0`. */
  readonly url: string;
  readonly body: unknown;
}

export interface BatchedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const MOST = 20;

/** Answers the requests in their order; one whose predecessor failed is answered 424. Throws GraphError 400. */
export function answerBatch(body: unknown, answer: (request: BatchedRequest) => BatchedAnswer): unknown {
  const requests = listAt(body, 'requests');
  if (requests.length === 0) throw badRequest('The batch holds no requests.');
  if (requests.length > MOST) throw badRequest(`Number of batch request steps exceeds the maximum value of ${MOST}.`);
  const statuses = new Map<string, number>();
  const responses = requests.map((request) => {
    const id = textAt(request, 'id');
    if (id === undefined || statuses.has(id)) throw badRequest('Each request of a batch needs an id of its own.');
    const isBlocked = textsAt(request, 'dependsOn').some((each) => (statuses.get(each) ?? 500) >= 400);
    const given = isBlocked
      ? { status: 424, headers: {}, body: { error: { code: 'FailedDependency', message: 'A request before failed.' } } }
      : answer({
          method: (textAt(request, 'method') ?? 'GET').toUpperCase(),
          url: textAt(request, 'url') ?? '',
          body: isObject(request.body) ? objectAt(request, 'body') : undefined,
        });
    statuses.set(id, given.status);
    return { id, ...given };
  });
  return { responses };
}
