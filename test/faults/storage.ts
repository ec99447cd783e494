/** Azurite in a time of its own, so that leases run out and hidden messages come back when that time says so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../playground/project-root';
import type { Time } from './time';

export const storageServices = ['blob', 'queue', 'table'] as const;
export type StorageService = (typeof storageServices)[number];
export type StorageOrigins = Readonly<Record<StorageService, string>>;

export interface AgingStorage {
  /** `http://127.0.0.1:PORT` of each service. */
  readonly origins: StorageOrigins;
  close(): Promise<void>;
}

// The emulator's documented account.
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** The connection string for these addresses. */
export function connectionString(origins: StorageOrigins): string {
  const endpoints = storageServices.map(
    (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Endpoint=${origins[name]}/${account}`,
  );
  return ['DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${key}`, ...endpoints, ''].join(';');
}

/** Starts Azurite on free ports of loopback, everything in memory; rejects with its output when it ends first. */
export async function startAgingStorage(time: Time): Promise<AgingStorage> {
  const azurite = createRequire(join(projectRoot(), 'package.json')).resolve('azurite/dist/src/azurite.js');
  const ports = storageServices.flatMap((name) => [`--${name}Host`, '127.0.0.1', `--${name}Port`, '0']);
  const flags = ['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--silent'];
  const endWithParent = 'data:text/javascript,process.on("disconnect",()=>process.exit(0))';
  const child = spawn(process.execPath, ['--import', endWithParent, azurite, ...ports, ...flags], {
    cwd: tmpdir(),
    env: { ...process.env, ...time.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  async function close(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  try {
    return { origins: await listening(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listening(child: ChildProcess): Promise<StorageOrigins> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Azurite ended (exit code ${code}): ${output.trim()}`)));
    child.once('error', reject);
    function hear(text: string): void {
      output += text;
      const [blob, queue, table] = storageServices.map(
        (name) => new RegExp(`${name} service is successfully listening at (http://[^\\s/]+)`, 'i').exec(output)?.[1],
      );
      if (blob !== undefined && queue !== undefined && table !== undefined) resolve({ blob, queue, table });
    }
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.stdout?.setEncoding('utf8').on('data', hear);
  });
}
