// Requests without a client library, for what has none here, followed to their end.
import type { Received, Sent, Stage } from './stage';

/** Sends a request that must succeed; throws with the answer's own words when it does not. */
export async function must(stage: Stage, request: Sent): Promise<Received> {
  const answer = await stage.send(request);
  if (answer.status < 400) return answer;
  throw new Error(`${request.method} ${request.path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Asks at every address that an answer gives for its running operation. */
export async function follow(stage: Stage, { headers }: Received): Promise<void> {
  for (const name of ['azure-asyncoperation', 'location']) {
    const link = headers.get(name);
    if (link === null) continue;
    const { pathname, search } = new URL(link);
    await must(stage, { method: 'GET', path: `${pathname}${search}` });
  }
}
