/** A policy file's text → AccessPolicy, or every problem in it at once. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { type PolicyResult, readPolicy } from './policy';

/** Reads YAML (and so JSON too). Nothing is executed: only YAML's core types are known. Never throws. */
export function parsePolicy(text: string, knownControls: readonly string[]): PolicyResult {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: 'core', uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      return { path: `line ${line}, column ${col}`, message: `not valid YAML: ${error.message}` };
    });
    return { ok: false, problems };
  }
  const data = dataOf(document);
  return data.ok
    ? readPolicy(data.value, knownControls)
    : { ok: false, problems: [{ path: '(the file)', message: data.why }] };
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
