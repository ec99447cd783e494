/** The version of this package, as `--version` and SARIF say it. */
import * as manifest from '../package.json';

export const version: string = manifest.version;
