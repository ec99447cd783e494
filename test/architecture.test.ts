/** Which way the imports run: the house plan as law. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const ROOT = resolve(__dirname, '..');

/** Each part of shared/ imports only what stands above it, and itself. Above the line: no I/O, no clock, no randomness. */
const PURE = [
  ['roads.ts'],
  ['change.ts', 'event/', 'scope.ts'],
  ['network/'],
  ['identity/'],
  ['action.ts'],
  ['policy/'],
  ['fingerprint.ts', 'finding.ts'],
  ['controls/'],
  ['remediation/'],
  ['incident.ts', 'incident-opening.ts', 'told.ts'],
  ['alerts/'],
];
const SHELL = [
  ['ports.ts', 'retryable-error.ts', 'stopwatch.ts', 'progress.ts'],
  ['judge.ts', 'plan-for.ts'],
  ['look.ts', 'deliver.ts', 'settle.ts', 'sight.ts'],
  ['carry-out.ts', 'incident-closing.ts', 'run.ts', 'preview.ts'],
  ['guardrail.ts'],
  ['receive.ts', 'receive-message.ts', 'sweep.ts', 'watch-audit.ts'],
  ['azure/'],
  ['store/', 'channels/', 'settings.ts', 'settings/'],
  ['policy-source.ts'],
  ['tenant-of-scope.ts', 'compose.ts'],
  ['compose-later.ts'],
];
const LAYERS = [...PURE, ...SHELL];

/** What the pure core may use from outside: validation, CIDR text, hashing. */
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'policy/policy.ts': ['zod', 'node:crypto'],
  'policy/fields.ts': ['zod'],
  'policy/network-section.ts': ['zod'],
  'policy/identity-section.ts': ['zod'],
  'policy/parse.ts': ['yaml'],
  'network/address.ts': ['ipaddr.js'],
  'fingerprint.ts': ['node:crypto'],
};

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** Path below the root for our own files; undefined for packages. */
  readonly target?: string;
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(ROOT, path)).isDirectory()) return filesIn(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** Read from the text, because a type-only import leaves no trace in a bundle and is a dependency all the same. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)/gms)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return specifiers.map((specifier) => {
    if (!specifier.startsWith('.')) return { from: file, specifier };
    return { from: file, specifier, target: relative(ROOT, resolve(ROOT, dirname(file), specifier)) };
  });
}

function layerOf(path: string): number {
  const inside = relative('shared', path);
  const layer = LAYERS.findIndex((names) =>
    names.some((name) =>
      name.endsWith('/') ? `${inside}/`.startsWith(name) : inside === name || `${inside}.ts` === name,
    ),
  );
  if (layer < 0) throw new Error(`${path} has no place in the architecture: name it in PURE or SHELL`);
  return layer;
}

function isPackage({ target }: Import): boolean {
  return target === undefined;
}

const PRODUCTION = ['functions', 'shared', 'cli'];

describe('the architecture', () => {
  test('lets each part of shared/ import only what stands above it', () => {
    const backward = filesIn('shared')
      .flatMap(importsOf)
      .filter(
        ({ from, target }) => target !== undefined && (!target.startsWith('shared') || layerOf(target) > layerOf(from)),
      )
      .map(({ from, specifier }) => `${from} → ${specifier}`);
    expect(backward).toEqual([]);
  });

  test('keeps the core pure: no package and no part of Node but those it is allowed', () => {
    const impure = filesIn('shared')
      .filter((file) => layerOf(file) < PURE.length)
      .flatMap(importsOf)
      .filter(isPackage)
      .filter(({ from, specifier }) => !(PURE_PACKAGES[relative('shared', from)] ?? []).includes(specifier))
      .map(({ from, specifier }) => `${from} → ${specifier}`);
    expect(impure).toEqual([]);
  });

  test('gives the core no clock and no randomness', () => {
    const wild = filesIn('shared')
      .filter((file) => layerOf(file) < PURE.length)
      .filter((file) =>
        /new Date\(\)|Date\.now\(|Math\.random\(|randomUUID|process\.|console\./.test(
          readFileSync(join(ROOT, file), 'utf8'),
        ),
      );
    expect(wild).toEqual([]);
  });

  test('keeps the playground out of production, and production out of the playground', () => {
    const crossing = [
      ...PRODUCTION.flatMap(filesIn)
        .flatMap(importsOf)
        .filter(({ target }) => target?.startsWith('playground')),
      ...filesIn('playground')
        .flatMap(importsOf)
        .filter(({ target }) => PRODUCTION.some((folder) => target?.startsWith(folder))),
    ].map(({ from, specifier }) => `${from} → ${specifier}`);
    expect(crossing).toEqual([]);
  });

  test('keeps the oracle independent of what it judges', () => {
    const seen = new Set<string>();
    const queue = ['test/oracle/naive.ts', 'test/oracle/generate.ts', 'test/oracle/drift.ts'];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      queue.push(...importsOf(file).flatMap(({ target }) => (target === undefined ? [] : [`${target}.ts`])));
    }
    expect([...seen].filter((file) => !file.startsWith('test/oracle/'))).toEqual([]);
  });

  test('never names the playground in production code', () => {
    const mentions = PRODUCTION.flatMap(filesIn).filter((file) =>
      /playground/i.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(mentions).toEqual([]);
  });

  test('bundles the function app without anything that belongs to development', async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ['functions/index.ts'],
      bundle: true,
      platform: 'node',
      write: false,
      metafile: true,
      outfile: 'out.js',
      external: ['@azure/functions-core'],
      logLevel: 'silent',
    });
    const inputs = Object.keys(metafile.inputs);
    const foreign = inputs.filter(
      (path) =>
        !/^(node_modules|shared|functions)\//.test(path) || /node_modules\/(hono|azurite|jest|fast-check)\//.test(path),
    );
    expect(foreign).toEqual([]);
    const unknown = inputs.filter((path) => path.startsWith('shared/')).filter((path) => layerOf(path) < 0);
    expect(unknown).toEqual([]);
  });

  test('has no file whose name says nothing', () => {
    const names = [...PRODUCTION, 'playground', 'bench', 'test'].flatMap(filesIn);
    expect(names.filter((path) => /(^|\/)(utils?|helpers?|common|misc|types|constants)(\.ts|\/)/i.test(path))).toEqual(
      [],
    );
  });

  test('starts every file with a sentence that says what it is for', () => {
    const silent = [...PRODUCTION, 'playground']
      .flatMap(filesIn)
      .filter((path) => !/^(\/\*\*|\/\/|#!)/.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(silent).toEqual([]);
  });
});

test('the list of Node’s own modules is what a specifier without a path is checked against', () => {
  const bare = PRODUCTION.flatMap(filesIn)
    .flatMap(importsOf)
    .filter(({ specifier }) => builtinModules.includes(specifier))
    .map(({ from, specifier }) => `${from} → ${specifier}`);
  expect(bare).toEqual([]);
});
