/** Paths on the command line → the files they stand for, and their text. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What `-` stands for in messages. */
export const STDIN = '(standard input)';

export type ReadStdin = () => Promise<Buffer>;

export interface TextFile {
  /** As a person would name it: the path as given, or what was found under a folder that was given. */
  readonly name: string;
  readonly text: string;
}

export interface FilesRead {
  readonly files: readonly TextFile[];
  /** One line each. */
  readonly problems: readonly string[];
}

const LINES = /\.(?:jsonl|ndjson)$/i;
const INPUT = /\.(?:json|jsonl|ndjson)$/i;

/** Whether a file's name promises one JSON value on each line. */
export function isJsonLines(name: string): boolean {
  return LINES.test(name);
}

/**
 * Reads every path: a file as it is, a folder with all its *.json and *.jsonl in sorted order, `-` as standard input.
 * Everything that cannot be read is a problem; the rest is read all the same, so that one run shows them all.
 */
export async function readFiles(paths: readonly string[], readStdin: ReadStdin): Promise<FilesRead> {
  const files: TextFile[] = [];
  const problems: string[] = [];
  const names = paths.flatMap((path) => (path === '-' ? [STDIN] : expand(path, problems)));
  for (const name of new Set(names)) {
    try {
      files.push({ name, text: decode(name === STDIN ? await readStdin() : readFile(name)) });
    } catch (error) {
      problems.push(`${name}: ${reason(error)}`);
    }
  }
  return { files, problems };
}

function expand(path: string, problems: string[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const found = filesUnder(path);
    if (found.length === 0) problems.push(`${path}: no *.json or *.jsonl in this folder`);
    return found;
  } catch (error) {
    problems.push(`${path}: ${reason(error)}`);
    return [];
  }
}

/** Linked folders are not entered: a link may lead back to where it stands. */
function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => compare(a.name, b.name));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    const isLinkedFolder = entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory();
    return INPUT.test(entry.name) && !isLinkedFolder ? [path] : [];
  });
}

/** By code unit and not by the machine's language, so that every machine reads in the same order. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A regular file or a pipe (`<(az …)`); a device could go on for ever. */
function readFile(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() && !stat.isFIFO()) throw new Error('not a file');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** UTF-8, or UTF-16 with its mark, which is what a redirect in Windows PowerShell writes. */
function decode(bytes: Buffer): string {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['EACCES', 'no permission to read it'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'not UTF-8 text'],
  ['ERR_STRING_TOO_LONG', 'too large to read in one piece'],
  ['ERR_FS_FILE_TOO_LARGE', 'too large to read in one piece'],
]);

function reason(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}
