// Path, query and header parameters of a request against those that the operation declares.
import { isObject, textAt } from '../../playground/azure/json';
import type { BodyCheck, Misfit } from './body-check';
import type { Exchange } from './exchange';
import type { Match } from './operation';
import type { SpecNode } from './spec-files';

/** A parameter arrives as text; a number or a boolean is read from it before it is checked. */
function typed(text: string, type: string | undefined): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (type === 'array') return text.split(',');
  return text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function given({ value }: SpecNode, match: Match, exchange: Exchange): string | undefined {
  const name = textAt(value, 'name') ?? '';
  if (value.in === 'path') {
    const encoded = match.path.get(name);
    return encoded === undefined ? undefined : decoded(encoded);
  }
  if (value.in === 'header') return exchange.requestHeaders.get(name) ?? undefined;
  // Azure reads the names of query parameters without regard to case.
  return [...exchange.url.searchParams].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function checkOne(parameter: SpecNode, text: string | undefined, check: BodyCheck): readonly Misfit[] {
  const { value } = parameter;
  const where = `${String(value.in)}.${textAt(value, 'name') ?? ''}`;
  // The tenant is the one scope that a path writes as nothing.
  const isScope = value.in === 'path' && value['x-ms-skip-url-encoding'] === true;
  if (text === undefined) return value.required === true && !isScope ? [{ where, what: 'is missing' }] : [];
  return check(parameter, 'write', typed(text, textAt(value, 'type'))).map(({ what }) => ({ where, what }));
}

/** What is wrong with the parameters; `isPage`: the URL was given by an earlier answer, which may add to its query. */
export function checkParameters(match: Match, exchange: Exchange, check: BodyCheck, isPage: boolean): Misfit[] {
  const declared = match.operation.parameters.filter(({ value }) => value.in !== 'body' && isObject(value));
  const wrong = declared.flatMap((parameter) => checkOne(parameter, given(parameter, match, exchange), check));
  if (isPage) return wrong;
  const names = declared
    .filter(({ value }) => value.in === 'query')
    .map(({ value }) => textAt(value, 'name')?.toLowerCase());
  const stray = [...exchange.url.searchParams.keys()].filter((key) => !names.includes(key.toLowerCase()));
  return [...wrong, ...stray.map((key) => ({ where: `query.${key}`, what: 'is not declared' }))];
}
