/** What is wrong with a policy file: the place, and what to write instead. */
import { objectOf } from '../network/json';
import { nearest } from './nearest';

/** Where a policy is wrong: the place in the file and what to write instead. */
export interface PolicyProblem {
  /** As in `additionalSources.0.owner`, or `(the file)`. */
  readonly path: string;
  readonly message: string;
  /** The same place, step by step; its last step may be what was left out. */
  readonly at?: readonly PropertyKey[];
  /** That the name itself is wrong, and not what it is set to. */
  readonly isName?: true;
}

/** What a schema says of one value that it does not take. */
interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Names of fields that there are not. */
  readonly keys?: readonly string[];
}

/** A problem at a place of the file. */
export function problemAt(at: readonly PropertyKey[], message: string): PolicyProblem {
  return { path: at.map(String).join('.') || '(the file)', message, at };
}

/** What the schema has to say of `data`; `fieldsAt` tells which fields there are at a place. */
export function problemsOf(
  issue: Issue,
  data: unknown,
  fieldsAt: (path: readonly PropertyKey[]) => readonly string[],
): PolicyProblem[] {
  if (issue.keys === undefined) {
    const isMissing = issue.path.length > 0 && issue.code !== 'custom' && valueAt(data, issue.path) === undefined;
    return [problemAt(issue.path, isMissing ? 'it is missing' : issue.message)];
  }
  const known = fieldsAt(issue.path);
  return issue.keys.map((name) => ({
    ...problemAt([...issue.path, name], unknownName('field', name, known)),
    isName: true,
  }));
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : objectOf(value)[String(step)]),
    data,
  );
}

function unknownName(kind: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `there is no such ${kind}; did you mean ${meant}?`;
  return known.length === 0 ? `there is no such ${kind} here` : `there is no such ${kind}; known: ${known.join(', ')}`;
}

/** Each mode that is set for a control there is not. */
export function unknownControls(data: unknown, known: readonly string[]): PolicyProblem[] {
  return Object.keys(objectOf(objectOf(data).controls))
    .filter((name) => !known.includes(name))
    .map((name) => ({ ...problemAt(['controls', name], unknownName('control', name, known)), isName: true }));
}
