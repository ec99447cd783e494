/** A policy file's text → AccessPolicy, or every problem in it at once. */
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type PolicyResult, readPolicy } from './policy';
import type { PolicyProblem } from './problem';

/**
 * Reads YAML (and so JSON too). Nothing is executed: only YAML's core types are known. Never throws. Problems come in the
 * order of the file, each with its line and column, counted from 1.
 */
export function parsePolicy(text: string, knownControls: readonly string[]): PolicyResult {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: 'core', uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      path: placeAt(error.pos[0], lineCounter),
      message: `not valid YAML: ${error.message}`,
    }));
    return { ok: false, problems };
  }
  const data = dataOf(document);
  if (!data.ok) return { ok: false, problems: [{ path: '(the file)', message: data.why }] };
  const result = readPolicy(data.value, knownControls);
  return result.ok ? result : { ok: false, problems: located(result.problems, document, lineCounter) };
}

type Data = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

/** Aliases that multiply without end are refused by the YAML reader; that is all it can throw here. */
function dataOf(document: Document): Data {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { ok: true, value };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function located(problems: readonly PolicyProblem[], document: Document, lineCounter: LineCounter): PolicyProblem[] {
  return problems
    .map((problem) => ({ problem, offset: offsetOf(problem, document.contents) }))
    .toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0))
    .map(({ problem, offset }) => {
      if (offset === undefined) return problem;
      return { ...problem, message: `${problem.message} (${placeAt(offset, lineCounter)})` };
    });
}

function placeAt(offset: number, lineCounter: LineCounter): string {
  const { line, col } = lineCounter.linePos(offset);
  return `line ${line}, column ${col}`;
}

/** Where the value stands, or the name if that is what is wrong; for what was left out, where it should have stood. */
function offsetOf({ at = [], isName }: PolicyProblem, root: Node | null): number | undefined {
  let node: unknown = root;
  for (const [index, step] of at.entries()) {
    const found = stepInto(node, step);
    if (!found) break;
    if (isName && index === at.length - 1) node = found.name;
    else node = found.value;
  }
  return isNode(node) && node !== root ? node.range?.[0] : undefined;
}

/** An alias is not followed: the problem stands where it is used. */
function stepInto(node: unknown, step: PropertyKey): { readonly name: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const value: unknown = node.items[Number(step)];
    return value === undefined ? undefined : { name: value, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
  return pair ? { name: pair.key, value: pair.value ?? pair.key } : undefined;
}
