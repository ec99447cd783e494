import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, parseJson, textAt } from '../../playground/json';
import { stories } from '../../playground/stories';

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

  // The stand-in can do no more than these.
  const easy = ['ssh-from-two-halves', 'rdp-from-virtual-network', 'https-left-alone'];

  async function demo(names: readonly string[], ...args: string[]): Promise<{ code: unknown; output: string }> {
    const child = spawn(process.execPath, [join(folder, 'dist/playground/demo.js'), '--story', ...names, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    const [code]: unknown[] = await once(child, 'close');
    return { code, output };
  }

  test('the demo ends with 0 when every story ended as it should', async () => {
    const { code, output } = await demo(easy);
    expect(output).toContain('All 3 stories ended as they should.');
    expect(output).not.toContain('\u001B[');
    expect(output.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(output).not.toContain('The whole card:');
    expect(code).toBe(0);
  }, 30_000);

  test('the demo asked for everything shows the whole cards', async () => {
    const { output } = await demo(['https-left-alone', 'rdp-from-internet'], '--verbose');
    expect(output).toContain('The whole card:');
  }, 30_000);

  test('a story that is not there ends the demo with 2 and one line that names those that are', async () => {
    const child = spawn(process.execPath, [join(folder, 'dist/playground/demo.js'), '--story', 'nowhere'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => (errors += String(text)));
    const [code]: unknown[] = await once(child, 'close');
    expect(code).toBe(2);
    expect(errors.trim().split('\n')).toHaveLength(1);
    for (const { name } of stories) expect(errors).toContain(name);
  });

  test('the demo ends with 1 and names the stories when nobody guards the estate', async () => {
    const app = join(folder, 'index.js');
    const guarding = readFileSync(app, 'utf8');
    writeFileSync(app, guarding.replace('if (offender === undefined) return;', 'return;'));
    try {
      const { code, output } = await demo(['rdp-from-internet', 'https-left-alone']);
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
      const settings = readFileSync(join(folder, '.playground/app.env'), 'utf8');
      expect(settings).toContain(`GUARDRAIL_ARM_ENDPOINT="${textAt(endpoints, 'arm')}"\n`);
      expect(settings).toContain('GUARDRAIL_MODE="report"\n');
      expect(settings).not.toMatch(/^PATH=/m);
      const idle: unknown = await (await fetch(`${textAt(endpoints, 'arm')}/playground/idle`)).json();
      expect(at(idle, 'idle')).toBe(true);
      const functions = `${textAt(endpoints, 'functions')}/admin/host/status`;
      expect((await fetch(functions)).status).toBe(200);

      child.kill('SIGTERM');
      const [code]: unknown[] = await once(child, 'close');
      expect(code).toBe(0);
      await expect(fetch(functions)).rejects.toThrow();
      expect(existsSync(kept)).toBe(false);
      expect(existsSync(join(folder, '.playground/app.env'))).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  }, 30_000);
});
