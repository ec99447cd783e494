/** Runs Azurite, the storage emulator, for as long as its parent lives: tables, queues and blobs in memory, on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './project-root';

export interface Storage {
  readonly pid: number;
  readonly connectionString: string;
  close(): Promise<void>;
}

// The well-known development account of every storage emulator; documented, and of no use anywhere else.
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const services = ['Blob', 'Queue', 'Table'] as const;
type Service = (typeof services)[number];

// Azurite knows nothing of its parent; this ends it when the channel to the parent closes, however the parent ended.
const endWithParent = 'data:text/javascript,process.on("disconnect",()=>process.exit(0))';

/** Starts Azurite on free ports and waits until its three services listen. Rejects with its output when it ends first. */
export async function startStorage(): Promise<Storage> {
  const azurite = createRequire(join(projectRoot(), 'package.json')).resolve('azurite/dist/src/azurite.js');
  const ports = services.flatMap((name) => [
    `--${name.toLowerCase()}Host`,
    '127.0.0.1',
    `--${name.toLowerCase()}Port`,
    '0',
  ]);
  const flags = ['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--silent'];
  const child = spawn(process.execPath, ['--import', endWithParent, azurite, ...ports, ...flags], {
    // Where it would write if it wrote anything: with everything in memory it does not.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C goes to the parent, which ends its children in order.
    detached: true,
  });
  try {
    const urls = await listening(child);
    return { pid: child.pid ?? 0, connectionString: connectionString(urls), close: () => close(child) };
  } catch (error) {
    await close(child);
    throw error;
  }
}

async function listening(child: ChildProcess): Promise<ReadonlyMap<Service, string>> {
  const urls = new Map<Service, string>();
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Azurite ended (exit code ${code}): ${output.trim()}`)));
    child.once('error', reject);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const service of services) {
        const url = new RegExp(`${service} service is successfully listening at (http://\\S+)`).exec(output)?.[1];
        if (url !== undefined) urls.set(service, url);
      }
      if (urls.size === services.length) resolve(urls);
    });
  });
}

function connectionString(urls: ReadonlyMap<Service, string>): string {
  const endpoints = services.map((name) => `${name}Endpoint=${urls.get(name)}/${account}`);
  return ['DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${key}`, ...endpoints, ''].join(';');
}

async function close(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    // Nothing of it is to be kept, so there is nothing to wait for.
    child.kill('SIGKILL');
    await exited;
  }
}
