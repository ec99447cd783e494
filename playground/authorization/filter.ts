// The $filter of Microsoft.Authorization's lists: functions such as atScope() and comparisons, joined by "and".
import { ArmError } from '../azure/arm-error';
import type { Call } from '../azure/call';

export interface Filter {
  /** The argument of a function that the filter calls; undefined when it does not call it. */
  readonly call: (name: string) => string | undefined;
  /** What a property has to equal; undefined when the filter does not say. */
  readonly equal: (property: string) => string | undefined;
}

const FUNCTION = /^(\w+)\(\s*(?:'([^']*)')?\s*\)$/;
const COMPARISON = /^(\w+)\s+eq\s+(?:'([^']*)'|(\S+))$/i;

function unsupported(text: string): ArmError {
  return new ArmError(400, 'UnsupportedQuery', `The filter '${text}' is not supported by this list.`);
}

/** Reads the request's $filter; refuses with 400 whatever is not among the `allowed` functions and properties. */
export function filterOf(call: Call, allowed: readonly string[]): Filter {
  const text = call.url.searchParams.get('$filter')?.trim() ?? '';
  const known = new Set(allowed.map((name) => name.toLowerCase()));
  const calls = new Map<string, string>();
  const equals = new Map<string, string>();
  for (const term of text === '' ? [] : text.split(/\s+and\s+/i)) {
    const [, called, argument = ''] = FUNCTION.exec(term.trim()) ?? [];
    const [, property, quoted, bare = ''] = COMPARISON.exec(term.trim()) ?? [];
    const name = (called ?? property ?? '').toLowerCase();
    if (!known.has(name)) throw unsupported(text);
    if (called === undefined) equals.set(name, quoted ?? bare);
    else calls.set(name, argument);
  }
  return {
    call: (name) => calls.get(name.toLowerCase()),
    equal: (property) => equals.get(property.toLowerCase()),
  };
}
