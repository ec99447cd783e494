// Holds recorded exchanges against the specifications, request and answer.
import { textAt } from '../../playground/azure/json';
import { checkAnswer, linksGiven } from './answer-check';
import type { BodyCheck, Misfit } from './body-check';
import { createBodyCheck } from './body-check';
import type { Exchange } from './exchange';
import type { Match, Operations } from './operation';
import { indexOperations } from './operation';
import { checkParameters } from './parameter-check';
import type { Half, Problem } from './problem';
import type { SpecFiles, SpecNode } from './spec-files';
import { below, documentAt } from './spec-files';

/** What became of one exchange. `unspecified`: no document at hand describes such resources. */
export interface Verdict {
  readonly exchange: Exchange;
  readonly judged: 'operation' | 'link' | 'unspecified';
  /** As the specification names it. */
  readonly operation?: string;
  readonly problems: readonly Problem[];
}

export interface Validator {
  readonly operations: Operations;
  /** Judges exchanges in the order in which they were made: links count once an answer has given them. */
  readonly judge: (exchange: Exchange) => Verdict;
}

/** Where a provider answers for running operations; a `location` may also lead to a resource. */
const STATUS_PATH = /\/operation(?:s|results)\/[^/]+$/i;

function named({ operation }: Match, half: Half, misfits: readonly Misfit[]): Problem[] {
  return misfits.map((misfit) => ({ operation: operation.id, half, ...misfit }));
}

function bodyParameter({ operation }: Match): SpecNode | undefined {
  return operation.parameters.find(({ value }) => value.in === 'body');
}

function checkRequestBody(match: Match, { method, requestBody }: Exchange, check: BodyCheck): readonly Misfit[] {
  const parameter = bodyParameter(match);
  if (!parameter) return requestBody === undefined ? [] : [{ where: 'body', what: 'is not declared' }];
  if (requestBody === undefined)
    return parameter.value.required === true ? [{ where: 'body', what: 'is missing' }] : [];
  const schema = below(parameter, 'schema');
  return schema ? check(schema, method === 'PATCH' ? 'update' : 'write', requestBody) : [];
}

function asked({ pathname, search }: URL): string {
  return `${pathname}${search}`.toLowerCase();
}

/** The schema of the answer while an operation runs, if some document has it. */
function statusSchema(specs: SpecFiles, name: string): SpecNode | undefined {
  const file = specs.files.find((each) => each.endsWith('/network.json'));
  return file === undefined ? undefined : below(documentAt(specs, file), 'definitions', name);
}

/** `specified(path)` says whether the documents are meant to describe what stands at the path. */
export function createValidator(specs: SpecFiles, specified: (path: string) => boolean): Validator {
  const operations = indexOperations(specs);
  const check = createBodyCheck(specs);
  const pages = new Set<string>();
  /** The operation that each address of a running operation belongs to. */
  const running = new Map<string, Match | undefined>();

  function remember(exchange: Exchange, match: Match | undefined): void {
    const next = textAt(exchange.answerBody, 'nextLink');
    for (const link of linksGiven(exchange)) {
      if (!URL.canParse(link)) continue;
      const url = new URL(link);
      if (link === next) pages.add(asked(url));
      else if (STATUS_PATH.test(url.pathname)) running.set(asked(url), match);
    }
  }

  function problemsOf(match: Match, exchange: Exchange, isPage: boolean): Problem[] {
    // A request that is refused is a bad one on purpose; only the refusal is judged.
    const isRefused = exchange.status >= 400;
    return [
      ...(isRefused ? [] : named(match, 'request', checkParameters(match, exchange, check, isPage))),
      ...(isRefused ? [] : named(match, 'request', checkRequestBody(match, exchange, check))),
      ...named(match, 'answer', checkAnswer(specs, match.operation, exchange, check)),
    ];
  }

  function unmatched(exchange: Exchange, apiVersion: string): Verdict {
    const { method, url } = exchange;
    if (!specified(url.pathname)) return { exchange, judged: 'unspecified', problems: [] };
    // What the specification does not have is rightly refused.
    if (exchange.status >= 400) return { exchange, judged: 'operation', problems: [] };
    const others = operations.versions(method, url.pathname);
    const misfit: Misfit =
      others.length === 0
        ? { where: 'path', what: 'has no such operation' }
        : { where: 'query.api-version', what: `'${apiVersion}' is none of ${others.join(', ')}` };
    const problem: Problem = { operation: `${method} ${url.pathname}`, half: 'request', ...misfit };
    return { exchange, judged: 'operation', problems: [problem] };
  }

  function judgeStatus(exchange: Exchange): Verdict {
    const schema = statusSchema(specs, 'AzureAsyncOperationResult');
    const misfits = schema && exchange.status === 200 ? check(schema, 'answer', exchange.answerBody) : [];
    const operation = 'Operations_Get';
    return { exchange, judged: 'link', problems: misfits.map((misfit) => ({ operation, half: 'answer', ...misfit })) };
  }

  /** At its location, an operation answers in the end as if it had run at once. */
  function judgeResult(exchange: Exchange, match: Match | undefined): Verdict {
    const isDone = exchange.status === 200 && exchange.answerBody !== undefined;
    const problems =
      match && isDone ? named(match, 'answer', checkAnswer(specs, match.operation, exchange, check)) : [];
    return { exchange, judged: 'link', problems };
  }

  return {
    operations,
    judge(exchange) {
      const address = asked(exchange.url);
      if (running.has(address)) {
        const isStatus = /\/operations\/[^/]+$/i.test(exchange.url.pathname);
        return isStatus ? judgeStatus(exchange) : judgeResult(exchange, running.get(address));
      }
      const apiVersion = exchange.url.searchParams.get('api-version') ?? '';
      const match = operations.find(exchange.method, exchange.url.pathname, apiVersion);
      const isPage = pages.has(address);
      remember(exchange, match);
      if (!match) return unmatched(exchange, apiVersion);
      const problems = problemsOf(match, exchange, isPage);
      return { exchange, judged: 'operation', operation: match.operation.id, problems };
    },
  };
}
