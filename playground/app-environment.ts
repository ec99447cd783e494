/** The application settings under which the function app runs in the playground: the only things it is told. */

import { TENANT_ID } from './azure/token';

/** Client id of the managed identity that writes sign-in settings, as in playground/estates/directory.json. */
export const IDENTITY_CLIENT_ID = '9a4dc11d-0000-4000-8000-000000000002';

/** What a process needs to run at all. Nothing else is inherited, so no credential of a real tenant can reach the app. */
const inherited = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  'LANG',
  'NODE_V8_COVERAGE',
];

export interface AppSurroundings {
  readonly subscriptions: readonly string[];
  readonly policy: string;
  readonly mode: string;
  /** Origin of the local Azure, `http://127.0.0.1:N`. */
  readonly azure: string;
  readonly identity: { readonly endpoint: string; readonly header: string };
  readonly teamsUrl: string;
  readonly smtpUrl: string;
  readonly connectionString: string;
}

/** The app's whole environment; `extra` adds or overrides settings. */
export function appEnvironment(around: AppSurroundings, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    AzureWebJobsStorage: around.connectionString,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    IDENTITY_ENDPOINT: around.identity.endpoint,
    IDENTITY_HEADER: around.identity.header,
    GUARDRAIL_SUBSCRIPTIONS: around.subscriptions.join(','),
    GUARDRAIL_POLICY: around.policy,
    GUARDRAIL_MODE: around.mode,
    GUARDRAIL_ARM_ENDPOINT: around.azure,
    GUARDRAIL_GRAPH_ENDPOINT: around.azure,
    GUARDRAIL_TENANT: TENANT_ID,
    GUARDRAIL_IDENTITY_CLIENT_ID: IDENTITY_CLIENT_ID,
    GUARDRAIL_TEAMS_WEBHOOK: around.teamsUrl,
    GUARDRAIL_EMAIL_SMTP: around.smtpUrl,
    GUARDRAIL_EMAIL_FROM: 'guardrail@playground.example',
    GUARDRAIL_EMAIL_TO: 'security@playground.example',
    AZURE_TELEMETRY_DISABLED: '1',
    ...extra,
  };
}

/** The settings among `environment` as a file that `node --env-file` reads: what every process inherits is left out. */
export function settingsFile(environment: NodeJS.ProcessEnv): string {
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !inherited.includes(name))
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
}
