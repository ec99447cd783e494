/** A policy file's text → AccessPolicy, or every problem in it at once. */
import { parseDocument } from 'yaml';
import { type PolicyResult, readPolicy } from './policy';

/** Reads YAML (and so JSON too). Nothing is executed: only YAML's core types are known. */
export function parsePolicy(text: string, knownControls: readonly string[]): PolicyResult {
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, prettyErrors: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, linePos }) => ({
      path: linePos ? `line ${linePos[0].line}` : '(the file)',
      message: message.split('\n')[0] ?? message,
    }));
    return { ok: false, problems };
  }
  return readPolicy(document.toJS({ maxAliasCount: 100 }), knownControls);
}
