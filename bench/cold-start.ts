/** `npm run bench:cold-start`: process start → all functions registered, against a process that does nothing at all. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../playground/project-root';
import { machineLine } from './measure/machine';
import { quantile, tableLines } from './measure/quantile';

const pairs = 20;
const budget = { ratio: 3.5, megabytes: 4.5 } as const;

/**
 * Stands in for the module that only the Functions worker supplies, loads the bundle, prints how many functions have been
 * registered, and leaves: what the worker itself takes to start is in no function app's hands.
 */
const worker = `
const Module = require('node:module');
const load = Module._load;
let registered = 0;
const core = {
  version: '4', hostVersion: '4', Disposable: class {}, log() {}, registerHook() {}, setProgrammingModel() {},
  registerFunction() { registered += 1; },
};
Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));
require(process.argv[1]);
process.stdout.write(String(registered), () => process.exit(0));
`;

interface Start {
  readonly ms: number;
  readonly output: string;
}

function start(...args: string[]): Start {
  const startedAt = performance.now();
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', env: {}, cwd: projectRoot() });
  const ms = performance.now() - startedAt;
  if (child.status !== 0) throw new Error(`node ${args[0]} ended with ${child.status}: ${child.stderr}`);
  return { ms, output: child.stdout };
}

function row(label: string, values: readonly number[]): string[] {
  const figures = [quantile(values, 0.5), Math.min(...values), Math.max(...values)];
  return [label, ...figures.map((value) => `${value.toFixed(1)} ms`)];
}

/** Everything that is deployed as code, whether it is loaded at the start or on first use. */
function bundleBytes(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function main(): void {
  const bundle = join(projectRoot(), 'dist/functions/index.js');
  if (!existsSync(bundle)) throw new Error('dist/functions/index.js is not there: run npm run build first');
  const bare: number[] = [];
  const app: number[] = [];
  const functions = start('-e', worker, bundle).output;
  start('-e', '0');
  // Alternating, so that whatever else the machine does falls on both alike.
  for (let pair = 0; pair < pairs; pair++) {
    bare.push(start('-e', '0').ms);
    app.push(start('-e', worker, bundle).ms);
  }
  const ratio = quantile(app, 0.5) / quantile(bare, 0.5);
  const megabytes = bundleBytes(dirname(bundle)) / 1e6;
  const lines = [
    `${pairs} alternating pairs of process starts, ${functions} functions registered`,
    machineLine(),
    '',
    ...tableLines([
      ['', 'median', 'min', 'max'],
      row('bare node: node -e 0', bare),
      row('process start → all functions registered', app),
    ]),
    '',
    `Ratio of the medians: ${ratio.toFixed(2)}. Budget: ≤ ${budget.ratio}: ${ratio <= budget.ratio ? 'met' : 'NOT met'}.`,
    `Bundle: ${megabytes.toFixed(2)} MB. Budget: ≤ ${budget.megabytes} MB: ${megabytes <= budget.megabytes ? 'met' : 'NOT met'}.`,
  ];
  for (const line of lines) process.stdout.write(`${line}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`The bench failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
