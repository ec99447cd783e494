/** Starts the local host, bundled from the sources under test, with the sample app in it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { type HostProcess, type HostProcessOptions, startHost } from '../../../playground/host/child';

const root = join(__dirname, '../../..');

/** Bundles the host's entry, so that a test never meets a stale one. Answers the path of the script. */
export function bundleHost(): string {
  // Inside the checkout, where the packages that stay outside the bundle are found.
  const outfile = join(root, '.playground', `host-${process.pid}.js`);
  mkdirSync(join(root, '.playground'), { recursive: true });
  const entryPoints = [join(root, 'playground/host/index.ts')];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', packages: 'external' });
  return outfile;
}

/** The sample app's folder, or another folder beside it. */
export function sampleDirectory(name = 'sample-app'): string {
  return join(__dirname, name);
}

export async function startSample(
  script: string,
  settings: NodeJS.ProcessEnv,
  options: Partial<HostProcessOptions> = {},
): Promise<HostProcess> {
  const environment = { PATH: process.env['PATH'], WORK_QUEUE: 'work', ...settings };
  return startHost({ script, directory: sampleDirectory(), environment, ...options });
}
