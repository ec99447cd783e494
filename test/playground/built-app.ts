/** The function app and the command line, bundled from the sources under test as a deployment has them. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '../..');

export interface BuiltApp {
  /** The app's folder. */
  readonly app: string;
  readonly cliScript: string;
  readonly remove: () => void;
}

/** Bundles both into a folder of their own inside the checkout, where the command line finds its packages. */
export function buildApp(): BuiltApp {
  const folder = join(root, '.playground', `app-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'host.json'), join(folder, 'host.json'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'commonjs', main: 'app.js' }));
  const base = { bundle: true, platform: 'node', target: 'node20', format: 'cjs' } as const;
  const external = ['@azure/functions-core'];
  buildSync({ ...base, entryPoints: [join(root, 'functions/index.ts')], outfile: join(folder, 'app.js'), external });
  const cliScript = join(folder, 'cli.js');
  buildSync({ ...base, entryPoints: [join(root, 'cli/index.ts')], outfile: cliScript, packages: 'external' });
  return { app: folder, cliScript, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
