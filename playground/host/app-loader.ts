/** Loads the entry files of a function app, as named by the `main` of its package.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { at } from '../json';

/** A reason why (part of) the app could not be indexed; the host runs on and shows it. */
export interface IndexingError {
  readonly file: string;
  readonly message: string;
}

/**
 * Loads every file that `main` matches (`main` is a path or a glob with `*`, `**`, `?` and `{a,b}`).
 * Never throws: each file that cannot be loaded is one error in the answer, with its stack.
 */
export async function loadApp(directory: string): Promise<IndexingError[]> {
  const manifest = readManifest(directory);
  if ('message' in manifest) return [manifest];
  const files = entryFiles(directory, manifest.main);
  if (files.length === 0) {
    return [{ file: 'package.json', message: `Found zero files matching the "main" pattern "${manifest.main}".` }];
  }
  const errors: IndexingError[] = [];
  for (const file of files) {
    try {
      await loadFile(join(directory, file), manifest.isModule);
    } catch (error) {
      errors.push({ file, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  return errors;
}

function readManifest(directory: string): { main: string; isModule: boolean } | IndexingError {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const main = at(manifest, 'main');
    return { main: typeof main === 'string' ? main : 'index.js', isModule: at(manifest, 'type') === 'module' };
  } catch (error) {
    return { file: 'package.json', message: `cannot be read: ${String(error)}` };
  }
}

async function loadFile(path: string, isModule: boolean): Promise<void> {
  if (path.endsWith('.mjs') || (isModule && !path.endsWith('.cjs'))) {
    await import(pathToFileURL(path).href);
    return;
  }
  createRequire(path)(path);
}

function entryFiles(directory: string, main: string): string[] {
  const pattern = main.replace(/^\.\//, '');
  if (!/[*?{]/.test(pattern)) return [pattern];
  const matcher = globToRegExp(pattern);
  // Starting at the part without wildcards keeps node_modules out of the walk.
  const base = pattern
    .split('/')
    .slice(0, -1)
    .filter((_, index, parts) => parts.slice(0, index + 1).every((part) => !/[*?{]/.test(part)))
    .join('/');
  return readdirSync(join(directory, base), { recursive: true, encoding: 'utf8' })
    .map((name) => join(base, name).split(sep).join('/'))
    .filter((name) => matcher.test(name))
    .toSorted();
}

function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\?|\{[^}]*\}|[.+^$()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').join('|')})`;
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
