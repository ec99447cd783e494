// Status, headers and body of an answer against what the operation declares.
import { at, objectAt, textAt } from '../../playground/azure/json';
import type { BodyCheck, Misfit } from './body-check';
import type { Exchange } from './exchange';
import type { Operation } from './operation';
import { declaredAnswer, extension } from './operation';
import type { SpecFiles, SpecNode } from './spec-files';
import { below } from './spec-files';

function isAbsolute(link: string | null | undefined): boolean {
  return typeof link === 'string' && URL.canParse(link);
}

/** A long-running operation tells where to ask: ARM's RPC 1.0, "asynchronous operations". */
function checkLongRunning(operation: Operation, { status, answerHeaders }: Exchange): Misfit[] {
  if (operation.node.value['x-ms-long-running-operation'] !== true) return [];
  if (status !== 201 && status !== 202) return [];
  const via = textAt(extension(operation, 'x-ms-long-running-operation-options'), 'final-state-via');
  // A 202 whose result stands at the location cannot do without it.
  const wanted = via === 'location' && status === 202 ? ['location'] : ['azure-asyncoperation', 'location'];
  const links = wanted.map((name) => answerHeaders.get(name));
  if (links.some(isAbsolute)) return [];
  return [{ where: `header.${wanted.join('|')}`, what: 'is missing from the answer of a long-running operation' }];
}

function checkPage(operation: Operation, { status, answerBody }: Exchange): Misfit[] {
  const pageable = extension(operation, 'x-ms-pageable');
  if (!pageable || status !== 200) return [];
  const items = textAt(pageable, 'itemName') ?? 'value';
  const misfits = Array.isArray(at(answerBody, items)) ? [] : [{ where: `body.${items}`, what: 'is no list' }];
  const next = textAt(pageable, 'nextLinkName');
  const link = next ? objectAt({ answerBody }, 'answerBody')[next] : undefined;
  const isLink = link === undefined || link === null || link === '' || (typeof link === 'string' && isAbsolute(link));
  return isLink ? misfits : [...misfits, { where: `body.${next ?? ''}`, what: 'is no absolute URL' }];
}

function isError({ status }: Exchange): boolean {
  return status >= 400;
}

function checkBody(schema: SpecNode | undefined, exchange: Exchange, check: BodyCheck): Misfit[] {
  const { status, answerBody, answerHeaders } = exchange;
  if (!schema) return answerBody === undefined ? [] : [{ where: 'body', what: 'is not declared' }];
  // What is only accepted has nothing to show yet.
  if (answerBody === undefined) return status === 202 ? [] : [{ where: 'body', what: 'is missing' }];
  const contentType = answerHeaders.get('content-type') ?? '';
  const isJson = /^application\/json\b/i.test(contentType);
  const misfits = check(schema, 'answer', answerBody);
  return isJson ? [...misfits] : [...misfits, { where: 'header.content-type', what: `is '${contentType}'` }];
}

/** Everything that is wrong with the answer. */
export function checkAnswer(specs: SpecFiles, operation: Operation, exchange: Exchange, check: BodyCheck): Misfit[] {
  const exact = declaredAnswer(specs, operation, exchange.status);
  const declared = exact ?? (isError(exchange) ? declaredAnswer(specs, operation, 'default') : undefined);
  if (!declared) return [{ where: 'status', what: `${exchange.status} is not declared` }];
  const misfits = checkBody(below(declared, 'schema'), exchange, check);
  if (isError(exchange)) return misfits;
  return [...misfits, ...checkLongRunning(operation, exchange), ...checkPage(operation, exchange)];
}

/** Links to where a client asks next, which no document describes: further pages and running operations. */
export function linksGiven({ answerHeaders, answerBody }: Exchange): string[] {
  const running = ['azure-asyncoperation', 'location'].map((name) => answerHeaders.get(name));
  const next = textAt(answerBody, 'nextLink');
  return [...running, next].filter((link): link is string => typeof link === 'string');
}
