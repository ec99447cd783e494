import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, parseJson, textAt } from '../../playground/json';

const root = join(__dirname, '../..');

describe('npm run playground and npm run demo', () => {
  let folder: string;

  // A checkout in small: the stand-in as the function app, the rest linked.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkout-'));
    cpSync(join(__dirname, 'stand-in'), folder, { recursive: true });
    for (const name of ['node_modules', 'infra', 'playground']) symlinkSync(join(root, name), join(folder, name));
    const entryPoints = ['playground/index.ts', 'playground/demo.ts', 'playground/host/index.ts'].map((name) =>
      join(root, name),
    );
    buildSync({
      entryPoints,
      outbase: root,
      outdir: join(folder, 'dist'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      packages: 'external',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(...args: string[]): ChildProcess {
    return spawn(process.execPath, [join(folder, 'dist/playground/index.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  test.each([
    [['--nonsense'], "error: unknown option '--nonsense'"],
    [['--port', 'http'], 'It is not a port number.'],
    [['--mode', 'chaos'], 'Allowed choices are off, report, approve, remediate.'],
    [['--estate', 'nowhere.json'], 'nowhere.json: no such estate file'],
    [['--policy', 'nowhere.yaml'], 'nowhere.yaml: no such policy file'],
    [['--empty', '--estate', 'x.json'], "option '--empty' cannot be used with option '--estate <file>'"],
    [['--estate', __filename], 'command.test.ts'],
    [['extra'], 'too many arguments'],
  ])('%j ends with 2 and one clear line', async (args, message) => {
    const child = run(...args);
    let errors = '';
    let output = '';
    child.stderr?.on('data', (text) => (errors += String(text)));
    child.stdout?.on('data', (text) => (output += String(text)));
    const [code]: unknown[] = await once(child, 'close');
    expect([code, output]).toEqual([2, '']);
    expect(errors).toContain(message);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  async function demo(): Promise<{ code: unknown; output: string }> {
    const child = spawn(process.execPath, [join(folder, 'dist/playground/demo.js')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    const [code]: unknown[] = await once(child, 'close');
    return { code, output };
  }

  test('the demo ends with 0 when every story ended as it should', async () => {
    const { code, output } = await demo();
    expect(output).toContain('All 4 stories ended as they should.');
    expect(output).not.toContain('\u001B[');
    expect(code).toBe(0);
  }, 30_000);

  test('the demo ends with 1 and names the stories when nobody guards the estate', async () => {
    const app = join(folder, 'index.js');
    const guarding = readFileSync(app, 'utf8');
    writeFileSync(app, guarding.replace('if (offender === undefined) return;', 'return;'));
    try {
      const { code, output } = await demo();
      expect(output).toContain('Not as it should: RDP opened to the Internet by a child rule');
      expect(output).not.toContain('Not as it should: A legitimate 443 rule');
      expect(code).toBe(1);
    } finally {
      writeFileSync(app, guarding);
    }
  }, 60_000);

  test('it prints one JSON line when ready, keeps it in a file, and leaves nothing behind on SIGTERM', async () => {
    const child = run('--no-open', '--mode', 'report');
    let output = '';
    child.stdout?.setEncoding('utf8');
    try {
      while (!output.includes('\n')) output += String((await once(child.stdout ?? child, 'data'))[0]);
      const endpoints = parseJson(output);
      expect(output.trim().split('\n')).toHaveLength(1);
      const kept = join(folder, '.playground/endpoints.json');
      expect(parseJson(readFileSync(kept, 'utf8'))).toEqual(endpoints);
      const idle: unknown = await (await fetch(`${textAt(endpoints, 'arm')}/playground/idle`)).json();
      expect(at(idle, 'idle')).toBe(true);
      const functions = `${textAt(endpoints, 'functions')}/admin/host/status`;
      expect((await fetch(functions)).status).toBe(200);

      child.kill('SIGTERM');
      const [code]: unknown[] = await once(child, 'close');
      expect(code).toBe(0);
      await expect(fetch(functions)).rejects.toThrow();
      expect(existsSync(kept)).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  }, 30_000);
});
