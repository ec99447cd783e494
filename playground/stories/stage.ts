/** Where a story is played: lets people change things over the wire, and collects what must be true afterwards. */
import { at, parseJson } from '../json';
import type { Playground } from '../playground';
import { printable } from '../timeline';

/** One thing a story claims, and whether it was so. */
export interface Check {
  readonly claim: string;
  readonly holds: boolean;
}

export interface Story {
  readonly title: string;
  /** What it shows that the guardrail can do, in one sentence. */
  readonly proves: string;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Stage {
  readonly playground: Playground;
  /** `actor` puts `body` at a resource; answers what ARM made of it. Throws when ARM refuses: the story cannot go on. */
  readonly put: (actor: string, path: string, body: unknown) => Promise<unknown>;
  /** A resource as ARM returns it. Throws when it is not there. */
  readonly get: (path: string) => Promise<unknown>;
  /** Waits until everything has come to rest; that it does is a check of its own. */
  readonly rest: () => Promise<void>;
  readonly check: (claim: string, holds: boolean) => void;
  /** Prints a heading with lines under it. */
  readonly show: (heading: string, lines: readonly string[]) => void;
  readonly checks: () => readonly Check[];
}

const apiVersion = '2024-05-01';

export function createStage(playground: Playground, print: (line: string) => void): Stage {
  const checks: Check[] = [];
  const check = (claim: string, holds: boolean): void => {
    checks.push({ claim, holds });
  };

  async function tokenOf(actor: string): Promise<string> {
    const answer = await fetch(`${playground.endpoints.control}/token?as=${encodeURIComponent(actor)}`);
    const text = await answer.text();
    const parsed = parseJson(text);
    const token = at(parsed, 'token') ?? at(parsed, 'access_token') ?? at(parsed, 'accessToken');
    return typeof token === 'string' ? token : text.trim();
  }

  async function call(actor: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${playground.endpoints.arm}${path}?api-version=${apiVersion}`, {
      method,
      headers: { authorization: `Bearer ${await tokenOf(actor)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} by ${actor} answered ${answer.status}: ${text}`);
    return parseJson(text);
  }

  return {
    playground,
    put: (actor, path, body) => call(actor, 'PUT', path, body),
    get: (path) => call('the audience', 'GET', path),
    rest: async () => {
      const answer = await playground.idle();
      check(
        answer.idle ? 'everything came to rest' : `everything came to rest (${answer.busy.join('; ')})`,
        answer.idle,
      );
    },
    check,
    show: (heading, lines) => {
      print(`  ${heading}`);
      for (const line of lines) print(`      ${printable(line)}`);
    },
    checks: () => [...checks],
  };
}
