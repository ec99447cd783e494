// The part of OData's $filter that the modelled lists answer: comparisons, in, startswith, any; joined by and, or, not.
import { at, isObject } from '../azure/json';
import { badRequest, GraphError } from './graph-error';

type Predicate = (entity: unknown) => boolean;
type Literal = string | number | boolean | null | Date;

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|([()[\],:])|(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)(?![\w-])|([A-Za-z_@][\w./@-]*|[\w-]+))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text)
      ?.slice(1)
      .find((part) => part !== undefined);
    if (token === undefined) throw badRequest(`Invalid filter clause: syntax error at position ${from} in '${text}'.`);
    tokens.push(token);
  }
  return tokens;
}

function literalOf(token: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'null') return null;
  if (token === 'true' || token === 'false') return token === 'true';
  if (/^\d{4}-\d\d-\d\d/.test(token)) return new Date(token);
  if (/^-?\d+$/.test(token)) return Number(token);
  // A GUID may stand without quotes.
  return token;
}

/** Below, at or above zero; undefined when the two cannot be compared. */
function compared(value: unknown, literal: Literal): number | undefined {
  if (literal instanceof Date) {
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? undefined : time - literal.getTime();
  }
  if (typeof value === 'string' && typeof literal === 'string') {
    const [left, right] = [value.toLowerCase(), literal.toLowerCase()];
    return left === right ? 0 : left < right ? -1 : 1;
  }
  if (typeof value === 'number' && typeof literal === 'number') return value - literal;
  return (value ?? null) === literal ? 0 : undefined;
}

const OPERATORS: Readonly<Record<string, (order: number | undefined) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order !== undefined && order > 0,
  ge: (order) => order !== undefined && order >= 0,
  lt: (order) => order !== undefined && order < 0,
  le: (order) => order !== undefined && order <= 0,
};

/**
 * A test of entities for the text of a `$filter`. Throws GraphError 400 when it cannot be read, and when it names a
 * property that is not among `filterable` (paths with `/`).
 */
export function parseFilter(text: string, filterable: readonly string[]): Predicate {
  const tokens = tokensOf(text);
  let position = 0;

  function take(expected?: string): string {
    const token = tokens[position++];
    if (token !== undefined && (expected === undefined || token === expected)) return token;
    throw badRequest(
      `Invalid filter clause: ${expected ? `'${expected}' is missing` : 'it ends too early'} in '${text}'.`,
    );
  }

  function path(token: string, within: string): (entity: unknown) => unknown {
    const [first = '', ...rest] = token.split('/');
    const names = within !== '' && first === within.split(':')[0] ? rest : [first, ...rest];
    const full = within === '' ? names.join('/') : [within.split(':')[1], ...names].join('/');
    if (!filterable.includes(full)) {
      throw new GraphError(
        400,
        'Request_UnsupportedQuery',
        `Unsupported or invalid query filter clause specified for property '${full}'.`,
      );
    }
    return (entity) => at(entity, ...names);
  }

  function any(list: string): Predicate {
    take('(');
    const variable = take();
    take(':');
    const inner = either(`${variable}:${list}`);
    take(')');
    return (entity) => {
      const found = at(entity, ...list.split('/'));
      return Array.isArray(found) && found.some((each) => isObject(each) && inner(each));
    };
  }

  function startsWith(within: string): Predicate {
    take('(');
    const read = path(take(), within);
    take(',');
    const start = String(literalOf(take())).toLowerCase();
    take(')');
    return (entity) => {
      const value = read(entity);
      return typeof value === 'string' && value.toLowerCase().startsWith(start);
    };
  }

  function among(read: (entity: unknown) => unknown): Predicate {
    const literals: Literal[] = [];
    take('(');
    do literals.push(literalOf(take()));
    while (take() === ',');
    return (entity) => literals.some((literal) => compared(read(entity), literal) === 0);
  }

  function one(within: string): Predicate {
    const token = take();
    if (token === '(') {
      const inner = either(within);
      take(')');
      return inner;
    }
    if (token === 'not') {
      const inner = one(within);
      return (entity) => !inner(entity);
    }
    if (token.toLowerCase() === 'startswith') return startsWith(within);
    if (token.endsWith('/any')) return any(token.slice(0, -'/any'.length));
    const read = path(token, within);
    const operator = take();
    if (operator === 'in') return among(read);
    const holds = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (!holds) throw badRequest(`Invalid filter clause: unknown operator '${operator}' in '${text}'.`);
    const literal = literalOf(take());
    return (entity) => holds(compared(read(entity), literal));
  }

  function both(within: string): Predicate {
    const parts = [one(within)];
    while (tokens[position] === 'and') {
      position++;
      parts.push(one(within));
    }
    return (entity) => parts.every((part) => part(entity));
  }

  function either(within: string): Predicate {
    const parts = [both(within)];
    while (tokens[position] === 'or') {
      position++;
      parts.push(both(within));
    }
    return (entity) => parts.some((part) => part(entity));
  }

  const whole = either('');
  if (position < tokens.length)
    throw badRequest(`Invalid filter clause: '${tokens[position] ?? ''}' is unexpected in '${text}'.`);
  return whole;
}
