import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHost } from '../../../playground/host/child';
import { at, parseJson } from '../../../playground/json';
import { bundleHost, sampleDirectory } from './sample-host';

describe('the life of a host process', () => {
  let script: string;
  beforeAll(() => {
    script = bundleHost();
  });
  afterAll(() => rmSync(script));

  test('an entry file that throws is shown as an indexing error, and the host runs on', async () => {
    const lines: string[] = [];
    const host = await startHost({
      script,
      directory: sampleDirectory('broken-app'),
      environment: { PATH: process.env['PATH'] },
      onLine: (line) => lines.push(line),
    });
    try {
      expect(host.errors).toEqual([expect.stringContaining('index.js: Error: GUARDRAIL_POLICY is not set')]);
      expect(lines.join('\n')).toContain('Indexing failed. index.js: Error: GUARDRAIL_POLICY is not set');
      const status: unknown = await (await fetch(`${host.url}/admin/host/status`)).json();
      expect([at(status, 'state'), at(status, 'errors')]).toEqual(['Error', host.errors]);
    } finally {
      await host.close();
    }
  });

  test('a port that is taken is one clear error', async () => {
    const environment = { PATH: process.env['PATH'] };
    const directory = sampleDirectory('broken-app');
    const first = await startHost({ script, directory, environment });
    try {
      const port = Number(new URL(first.url).port);
      await expect(startHost({ script, directory, environment, port })).rejects.toThrow(/cannot start.*EADDRINUSE/);
    } finally {
      await first.close();
    }
  });

  test('host and storage end when their parent is killed', async () => {
    const parent = join(__dirname, '../../../.playground', `parent-${process.pid}.js`);
    const entryPoints = [join(__dirname, 'parent.ts')];
    buildSync({ entryPoints, outfile: parent, bundle: true, platform: 'node', target: 'node20', packages: 'external' });
    const child = spawn(process.execPath, [parent, script, sampleDirectory('broken-app')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      child.stdout.setEncoding('utf8');
      const [line]: unknown[] = await once(child.stdout, 'data');
      const answer = parseJson(String(line));
      const pids = [Number(at(answer, 'host')), Number(at(answer, 'storage'))];
      expect(pids.map(isAlive)).toEqual([true, true]);
      child.kill('SIGKILL');
      await waitFor(() => !pids.some(isAlive));
      expect(pids.map(isAlive)).toEqual([false, false]);
    } finally {
      child.kill('SIGKILL');
      rmSync(parent);
    }
  }, 20_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
}
