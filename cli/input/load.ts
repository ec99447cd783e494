/** The PATHs of one call → one estate: its network, its gaps, and where each resource was found. */
import { type Gap, keyOf, type Network, type ResourceKey } from '../../shared/network/network';
import { readNetwork } from '../../shared/network/read';
import { type JsonObject, textOf } from '../../shared/network/json';
import { isJsonLines, type ReadStdin, readFiles, type TextFile } from './files';
import { type JsonFault, parseJson } from './json-text';
import { type Live, NOTHING_LIVE } from './live';
import { mergeEqual } from './merge';
import { collect, type Collected, type Found, nothingCollected, type Stray } from './shapes';
import { graphKeyOf, tellsOfNetwork, tellsOfSignIn } from './sign-in';

/** Where a resource was found; `line` only where it is known. */
export interface Origin {
  readonly file: string;
  readonly line?: number;
}

export interface Estate {
  readonly network: Network;
  readonly gaps: readonly Gap[];
  /** How many resources the input has, of whatever type. */
  readonly resources: number;
  readonly origins: ReadonlyMap<ResourceKey, Origin>;
  /** What the sign-in is judged by; undefined where the input says nothing about it. */
  readonly signIn?: readonly JsonObject[];
  /** Whether there is a network to judge, and not only sign-in settings. */
  readonly hasNetwork: boolean;
}

export type EstateResult =
  | { readonly ok: true; readonly estate: Estate }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads files, folders and standard input (`-`), and what was read live, as one estate. All problems are reported at once, one line each:
 * what cannot be read, is no JSON, contradicts itself, or has no ARM resource in it at all.
 */
export async function loadEstate(
  paths: readonly string[],
  readStdin: ReadStdin,
  live: Live = NOTHING_LIVE,
): Promise<EstateResult> {
  const read = await readFiles(paths, readStdin);
  const problems = [...read.problems];
  const collected = nothingCollected();
  for (const file of read.files) collectFile(file, collected, problems);
  const merged = mergeEqual([...live.resources, ...collected.resources]);
  problems.push(...merged.problems);
  if (problems.length === 0 && merged.resources.length === 0 && paths.length > 0) {
    const where = read.files.map((file) => file.name).join(', ');
    problems.push(`${where}: no ARM resource in it; give JSON as az, Resource Graph or an ARM template prints it`);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, estate: estateOf(merged.resources, collected, live.gaps) };
}

function estateOf(resources: readonly Found[], { strays, unfinished }: Collected, notRead: readonly Gap[]): Estate {
  const { network, gaps } = readNetwork(resources.filter(({ isOfGraph }) => !isOfGraph).map(({ json }) => json));
  const unread = [...strays.map(strayGap), ...[...unfinished.values()].map(unfinishedGap)];
  const held = resources.filter(({ isPlanned }) => !isPlanned);
  const signIn = held.some(({ json }) => tellsOfSignIn(json)) ? held.map(({ json }) => json) : undefined;
  return {
    network,
    gaps: [...notRead, ...unread, ...gaps],
    resources: resources.length,
    origins: originsOf(resources),
    ...(signIn && { signIn }),
    hasNetwork: signIn === undefined || resources.some(({ json, isOfGraph }) => !isOfGraph && tellsOfNetwork(json)),
  };
}

function originsOf(resources: readonly Found[]): ReadonlyMap<ResourceKey, Origin> {
  return new Map(
    resources.map(({ json, file, line, isOfGraph }) => [
      (isOfGraph && graphKeyOf(json)) || keyOf(textOf(json.id) ?? textOf(json.name) ?? ''),
      { file, ...(line !== undefined && { line }) },
    ]),
  );
}

function strayGap({ place, why }: Stray): Gap {
  return { resource: place, what: 'not-a-resource', why: `${why}; it was passed over`, touchesAdminPort: false };
}

function unfinishedGap(place: string): Gap {
  const why = 'this list says that more entries follow; export the following pages as well';
  return { resource: place, what: 'unfinished-list', why, touchesAdminPort: true };
}

function collectFile({ name, text }: TextFile, into: Collected, problems: string[]): void {
  if (text.trim() === '') {
    problems.push(`${name}: the file is empty`);
    return;
  }
  if (isJsonLines(name)) {
    collectLines(name, text, into, problems);
    return;
  }
  const whole = parseJson(text);
  if (whole.ok) collect(whole.value, { file: name, path: '' }, into);
  else if (looksLikeLines(text)) collectLines(name, text, into, problems);
  else problems.push(faultLine(name, whole.fault));
}

/** JSON Lines under another name, or on standard input: the first line is a value of its own and others follow. */
function looksLikeLines(text: string): boolean {
  const [first, ...rest] = text.split('\n').filter((line) => line.trim() !== '');
  return first !== undefined && rest.length > 0 && /^\s*[[{]/.test(first) && parseJson(first).ok;
}

function collectLines(file: string, text: string, into: Collected, problems: string[]): void {
  for (const [index, lineText] of text.split('\n').entries()) {
    if (lineText.trim() === '') continue;
    const line = index + 1;
    const parsed = parseJson(lineText);
    if (parsed.ok) collect(parsed.value, { file, line, path: '' }, into);
    else problems.push(faultLine(file, { ...parsed.fault, line }));
  }
}

function faultLine(name: string, { line, column, what }: JsonFault): string {
  return `${name}:${line}:${column}: not valid JSON: ${what}`;
}
