/** JSON text → value, or the line and column of the first thing that is wrong with it. */

/** Exports nest a few dozen levels at the most; deeper text is an attack on whoever walks it. */
const DEEPEST = 200;

/** Where a text stops being JSON; line and column count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: JsonFault };

/** Reads one JSON text (RFC 8259). Never throws. */
export function parseJson(text: string): JsonReading {
  const deep = tooDeepAt(text);
  if (deep !== undefined) return { ok: false, fault: faultAt(text, deep, `nested more than ${DEEPEST} levels deep`) };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    const fault = firstFault(text);
    if (fault) return { ok: false, fault: faultAt(text, fault.at, fault.what) };
    return { ok: false, fault: faultAt(text, 0, error instanceof Error ? error.message : String(error)) };
  }
}

function faultAt(text: string, at: number, what: string): JsonFault {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n'), what };
}

function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = closingQuote(text, at);
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > DEEPEST) return at;
  }
  return undefined;
}

/** Where the string that begins at `start` ends; the end of the text if it does not. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a name in double quotes'
  | 'a name in double quotes or }'
  | ':'
  | ', or ]'
  | ', or }'
  | 'the end of the text';

interface Fault {
  readonly at: number;
  readonly what: string;
}

/** Walks the grammar without building anything. JSON.parse alone does not always say where it stumbled. */
function firstFault(text: string): Fault | undefined {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'a value';
  let at = skipBlanks(text, 0);
  const afterValue = (): Expected => {
    const inside = open.at(-1);
    if (!inside) return 'the end of the text';
    return inside === '[' ? ', or ]' : ', or }';
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    const wantsValue: boolean = expected === 'a value' || expected === 'a value or ]';
    let end = at + 1;
    if (wantsValue && (character === '[' || character === '{')) {
      open.push(character);
      expected = character === '[' ? 'a value or ]' : 'a name in double quotes or }';
    } else if (isClosing(character, expected)) {
      open.pop();
      expected = afterValue();
    } else if (character === ',' && (expected === ', or ]' || expected === ', or }')) {
      expected = expected === ', or ]' ? 'a value' : 'a name in double quotes';
    } else if (character === ':' && expected === ':') {
      expected = 'a value';
    } else if (character === '"' && (wantsValue || expected.startsWith('a name'))) {
      const string = readString(text, at);
      if (typeof string !== 'number') return string;
      end = string;
      expected = wantsValue ? afterValue() : ':';
    } else {
      const scalar = wantsValue ? scalarEnd(text, at) : undefined;
      if (scalar === undefined) return { at, what: `${expected} expected, found ${JSON.stringify(character)}` };
      end = scalar;
      expected = afterValue();
    }
    at = skipBlanks(text, end);
  }
  if (expected === 'the end of the text') return undefined;
  return { at: text.length, what: `the text ends where ${expected} is expected` };
}

function isClosing(character: string, expected: Expected): boolean {
  if (character === ']') return expected === 'a value or ]' || expected === ', or ]';
  return character === '}' && (expected === 'a name in double quotes or }' || expected === ', or }');
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

function scalarEnd(text: string, at: number): number | undefined {
  SCALAR.lastIndex = at;
  return SCALAR.test(text) ? SCALAR.lastIndex : undefined;
}

/** The position behind the closing quote, or what is wrong with the string. */
function readString(text: string, start: number): number | Fault {
  let at = start + 1;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '"') return at + 1;
    if (character < ' ') return { at, what: 'a line break or control character inside a string' };
    ESCAPE.lastIndex = at;
    if (character !== '\\') at++;
    else if (ESCAPE.test(text)) at = ESCAPE.lastIndex;
    else return { at, what: 'a backslash that begins no escape' };
  }
  return { at: start, what: 'this string has no end' };
}
