// Bundles the function app, the command line and the playground into dist/. With --if-stale: only when a source is newer.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;
const stamp = join(root, 'dist/functions/index.js');
const sources = ['functions', 'shared', 'cli', 'infra', 'playground', 'bench', 'build.mjs', 'package.json'];

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const stale =
  !existsSync(stamp) || Math.max(...sources.map((name) => newest(join(root, name)))) > statSync(stamp).mtimeMs;
if (process.argv.includes('--if-stale') && !stale) process.exit(0);

/**
 * Parsing is most of a cold start, so the function app's clients are files of their own, read on first use; so is what
 * several of them share, so that it is there once.
 */
const lazy = [
  '@azure/abort-controller',
  '@azure/arm-authorization',
  '@azure/arm-network',
  '@azure/core-auth',
  '@azure/core-client',
  '@azure/core-http-compat',
  '@azure/storage-common',
  '@azure/core-rest-pipeline',
  '@azure/core-tracing',
  '@azure/core-util',
  '@azure/core-xml',
  '@azure/data-tables',
  '@azure/eventgrid',
  '@azure/identity',
  '@azure/logger',
  '@azure/storage-blob',
  '@azure/storage-queue',
  '@azure-rest/core-client',
  '@microsoft/microsoft-graph-client',
  '@typespec/ts-http-runtime',
  'nodemailer',
];
/** What is published as a module as well gives a smaller file by it. */
const isModule = (name) => name.startsWith('@azure') || name.startsWith('@typespec');
const fileOf = (name) => `${name.replace(/^@/, '').replaceAll('/', '-')}.js`;

/** Sends every import of a lazy package but `own` to its file, as seen from `folder`. */
function toLazyFiles(folder, own) {
  return {
    name: 'lazy',
    setup(context) {
      context.onResolve({ filter: /^[@a-z]/ }, ({ path, kind }) => {
        if (kind === 'entry-point' || path === own || !lazy.includes(path)) return undefined;
        return { path: `${folder}/${fileOf(path)}`, external: true };
      });
    },
  };
}

/** What the triggers need is little; everything else is wired on first use and stands in a file of its own as well. */
const composedLater = {
  name: 'composed-later',
  setup(context) {
    context.onResolve({ filter: /\/compose$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './lazy/compose.js', external: true } : undefined,
    );
  },
};

const next = `dist-${process.pid}`;
const base = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
};
const app = { ...base, minify: true, supported: { 'dynamic-import': false } };
const benches = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.ts'));

await Promise.all([
  // The packages stay outside: these run from a checkout or an installed package.
  build({
    ...base,
    packages: 'external',
    outbase: '.',
    outdir: next,
    sourcemap: true,
    entryPoints: [
      'cli/index.ts',
      'playground/index.ts',
      'playground/demo.ts',
      'playground/host/index.ts',
      ...benches.map((name) => `bench/${name}`),
    ],
  }),
  // Only the worker itself supplies functions-core.
  build({
    ...app,
    entryPoints: ['functions/index.ts'],
    keepNames: true,
    outfile: `${next}/functions/index.js`,
    external: ['@azure/functions-core'],
    plugins: [composedLater, toLazyFiles('./lazy')],
  }),
  build({
    ...app,
    entryPoints: ['shared/compose.ts'],
    keepNames: true,
    outfile: `${next}/functions/lazy/compose.js`,
    plugins: [toLazyFiles('.')],
  }),
  ...lazy.map((name) =>
    build({
      ...app,
      stdin: {
        contents: isModule(name) ? `export * from '${name}';` : `module.exports = require('${name}');`,
        resolveDir: root,
      },
      outfile: `${next}/functions/lazy/${fileOf(name)}`,
      plugins: [toLazyFiles('.', name)],
    }),
  ),
]);
// In one step, so that whoever reads dist/ meanwhile finds the old or the new one.
const old = `${next}-old`;
if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), join(root, old));
renameSync(join(root, next), join(root, 'dist'));
rmSync(join(root, old), { recursive: true, force: true });
