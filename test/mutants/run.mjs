// Puts one mistake at a time into a copy of the sources and lets the fast tests find it. Exit code 1 if one survives or no longer fits.
// run: npm run mutants [-- part of a name]
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutants } from './mutants.mjs';

const root = join(import.meta.dirname, '../..');
const copied = ['shared', 'cli', 'playground', 'test', 'jest.config.json', 'package.json'];
/** The suite in short form: a mistake that needs more packets than these to be seen is not killed. */
const short = { ORACLE_ESTATES: '120', ORACLE_GROUPS: '80', ORACLE_SLICES: '40', ORACLE_SHRINK: 'no' };
const suites = ['test/shared/network', 'test/shared/controls'];
/** Laws over many generated estates take their time, and see nothing that the other tests do not. */
const leftOut = ['laws', 'remedies'];
const atOnce = Math.max(1, Math.min(4, availableParallelism()));

const workshop = await mkdtemp(join(tmpdir(), 'mutants-'));
const wanted = mutants.filter(({ name }) => process.argv.slice(2).every((part) => name.includes(part)));
const started = performance.now();
try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  await rm(workshop, { recursive: true, force: true });
}

async function main() {
  const healthy = await examine({ name: 'none', from: '', to: '' }, 'healthy');
  if (healthy.killer !== undefined || healthy.broken !== undefined) {
    console.error(`the unchanged sources already fail: ${healthy.broken ?? healthy.killer}`);
    return false;
  }
  const waiting = wanted.map((mutant, at) => ({ mutant, at }));
  const results = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await examine(next.mutant, String(next.at));
      results.push(result);
      console.log(line(result));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const alive = results.filter(({ killer }) => killer === undefined);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`\n${results.length - alive.length} of ${results.length} mutants killed in ${seconds} s`);
  for (const result of alive) console.error(line(result));
  return alive.length === 0 && results.length > 0;
}

function line({ name, killer, broken }) {
  if (killer !== undefined) return `✓ ${name.padEnd(62)} ${killer}`;
  return `✗ ${name.padEnd(62)} ${broken ?? 'survived'}`;
}

/** The first test that fails with this mistake in place. */
async function examine({ name, from, to }, folder) {
  const copy = join(workshop, folder);
  await mkdir(copy, { recursive: true });
  for (const path of copied) await cp(join(root, path), join(copy, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const misfit = from === '' ? undefined : await patch(join(copy, 'shared/network'), from, to);
  const answer = misfit === undefined ? await runTests(copy) : { broken: misfit };
  await rm(copy, { recursive: true, force: true });
  return { name, ...answer };
}

/** Replaces the one place in the folder's files; says why not if there is none or more than one. */
async function patch(folder, from, to) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  );
  const places = files.flatMap((file) => Array(file.text.split(from).length - 1).fill(file));
  if (places.length !== 1) return `the patch fits ${places.length} places in shared/network; it must fit one`;
  const [{ path, text }] = places;
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  return undefined;
}

async function runTests(copy) {
  const answer = join(copy, 'answer.json');
  const config = {
    ...JSON.parse(await readFile(join(copy, 'jest.config.json'), 'utf8')),
    rootDir: copy,
    testPathIgnorePatterns: leftOut,
    reporters: [[join(copy, 'test/mutants/first-failure.cjs'), { answer }]],
  };
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [jest, '--runInBand', '--config', JSON.stringify(config), ...suites], {
    cwd: copy,
    env: { ...process.env, ...short },
    stdio: 'ignore',
  });
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return readFile(answer, 'utf8').then(JSON.parse, () => ({ broken: 'the tests did not run' }));
}
