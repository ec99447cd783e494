/** ARM and Graph as a person uses them: with a token of their own, over the wire. */
import { at, parseJson } from '../json';
import type { Endpoints } from '../endpoints';

export type ArmCall = (actor: string, method: string, path: string, body?: unknown) => Promise<unknown>;

const apiVersion = '2024-05-01';

/** Calls of ARM; a path may bring an api-version of its own. They answer the parsed body, and throw when ARM refuses. */
export function armClient(endpoints: Endpoints): ArmCall {
  return clientOf(endpoints, (path) =>
    path.includes('?') ? `${endpoints.arm}${path}` : `${endpoints.arm}${path}?api-version=${apiVersion}`,
  );
}

/** The same for Graph; paths are those below its version. */
export function graphClient(endpoints: Endpoints): ArmCall {
  return clientOf(endpoints, (path) => `${endpoints.graph}/v1.0${path}`);
}

function clientOf({ control }: Endpoints, addressOf: (path: string) => string): ArmCall {
  async function tokenOf(actor: string): Promise<string> {
    const answer = await fetch(`${control}/token?as=${encodeURIComponent(actor)}`);
    const token = at(parseJson(await answer.text()), 'token');
    if (typeof token !== 'string') throw new Error(`There is no token for ${actor}: the answer was ${answer.status}`);
    return token;
  }

  return async (actor, method, path, body) => {
    const answer = await fetch(addressOf(path), {
      method,
      headers: { authorization: `Bearer ${await tokenOf(actor)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} by ${actor} answered ${answer.status}: ${text}`);
    return parseJson(text);
  };
}
