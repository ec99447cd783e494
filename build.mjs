// Bundles the function app, the command line and the playground into dist/. With --if-stale: only when a source is newer.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;
const stamp = join(root, 'dist/functions/index.js');
const sources = ['functions', 'shared', 'cli', 'console', 'infra', 'playground', 'bench', 'build.mjs', 'package.json'];

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const stale =
  !existsSync(stamp) || Math.max(...sources.map((name) => newest(join(root, name)))) > statSync(stamp).mtimeMs;
if (process.argv.includes('--if-stale') && !stale) process.exit(0);

const entries = (...paths) => paths.filter((path) => existsSync(join(root, path)));
const base = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
};
rmSync(join(root, 'dist'), { recursive: true, force: true });
// The packages stay outside: these two run from a checkout or an installed package.
await build({
  ...base,
  packages: 'external',
  outbase: '.',
  outdir: 'dist',
  sourcemap: true,
  entryPoints: entries(
    'cli/index.ts',
    'playground/index.ts',
    'playground/demo.ts',
    'playground/host/index.ts',
    'bench/loop.ts',
  ),
});
// Last, because its time stamp says that everything is built. Only the worker itself supplies functions-core.
await build({
  ...base,
  entryPoints: ['functions/index.ts'],
  outfile: 'dist/functions/index.js',
  external: ['@azure/functions-core'],
  minify: true,
  keepNames: true,
  metafile: true,
});
