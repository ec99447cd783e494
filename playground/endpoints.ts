/** Where the parts of a playground are, for whoever drives it from outside. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything is; the one line that `npm run playground` prints. */
export interface Endpoints {
  readonly arm: string;
  readonly graph: string;
  readonly functions: string;
  readonly console: string;
  /** Connection string of the app's storage. */
  readonly storage: string;
  readonly identity: { readonly endpoint: string; readonly header: string };
  readonly inbox: { readonly http: string; readonly smtp: string };
  readonly subscription: string;
  /** Path of a PEM file: the CA that signs the local Azure's https certificate. */
  readonly tlsCa: string;
  readonly control: string;
}

/** Keeps the CA in `directory`, made when it is not there; answers the file's path. Another playground has another port. */
export function writeCa(directory: string, port: number, pem: string): string {
  const path = join(directory, `ca-${port}.pem`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, pem);
  return path;
}
