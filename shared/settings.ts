/** The app's settings: read from the environment, with every problem at once and no secret ever printed. */
import { type Mode, MODES } from './policy/policy';
import {
  ARM_HOSTS,
  GRAPH_HOSTS,
  readEndpoint,
  readEventTopic,
  readPolicyPlace,
  readTeamsWebhook,
} from './settings/address';
import { type MailSettings, readMail } from './settings/email';
import { readSignIn, type SignInSettings } from './settings/sign-in';
import { readStorage, type StorageSettings } from './settings/storage';
import { type Environment, isWeb, list, parseUrl, shown, value } from './settings/value';

export type { EmailSettings, MailAddresses, MailSettings } from './settings/email';
export type { StorageSettings } from './settings/storage';
export { type SettingDescription, SETTINGS } from './settings/table';
export type { Environment } from './settings/value';

export interface Settings extends MailSettings, SignInSettings {
  /** Lower-case GUIDs, each once. */
  readonly subscriptions: readonly string[];
  /** File path or https blob URL; undefined: the default policy. */
  readonly policy?: string;
  readonly mode: Mode;
  /** Origins without a slash at the end. */
  readonly armEndpoint: string;
  readonly graphEndpoint: string;
  readonly teamsWebhook?: string;
  /** Where a token may go: a custom topic's endpoint. */
  readonly eventTopic?: string;
  readonly storage: StorageSettings;
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Reads all settings (see SETTINGS) and reports every problem at once; a problem names a setting, never a secret's value. */
export function readSettings(env: Environment): SettingsResult {
  const problems: string[] = [];
  const policy = readPolicyPlace(env, problems);
  const teamsWebhook = readTeamsWebhook(env, problems);
  const mail = readMail(env, problems);
  const eventTopic = readEventTopic(env, problems);
  const subscriptions = readSubscriptions(env, problems);
  const mode = readMode(env, problems);
  const armEndpoint = readEndpoint(env, 'GUARDRAIL_ARM_ENDPOINT', ARM_HOSTS, problems);
  const graphEndpoint = readEndpoint(env, 'GUARDRAIL_GRAPH_ENDPOINT', GRAPH_HOSTS, problems);
  const storage = readStorage(env, problems);
  const signIn = readSignIn(env, problems);
  checkIdentity(env, problems);
  if (problems.length > 0 || !storage) return { ok: false, problems };
  const optional = {
    ...(policy && { policy }),
    ...(teamsWebhook && { teamsWebhook }),
    ...(eventTopic && { eventTopic }),
    ...signIn,
    ...mail,
  };
  return { ok: true, settings: { subscriptions, mode, armEndpoint, graphEndpoint, storage, ...optional } };
}

function readSubscriptions(env: Environment, problems: string[]): readonly string[] {
  const ids = list(env, 'GUARDRAIL_SUBSCRIPTIONS').map((id) => id.toLowerCase());
  if (ids.length === 0) {
    problems.push('GUARDRAIL_SUBSCRIPTIONS is missing: name at least one subscription id to guard');
  }
  for (const id of ids.filter((candidate) => !GUID.test(candidate))) {
    problems.push(`GUARDRAIL_SUBSCRIPTIONS: '${shown(id)}' is not a subscription id (a GUID)`);
  }
  return [...new Set(ids)];
}

function readMode(env: Environment, problems: string[]): Mode {
  const text = value(env, 'GUARDRAIL_MODE') ?? 'report';
  const mode = MODES.find((candidate) => candidate === text.toLowerCase());
  if (!mode) problems.push(`GUARDRAIL_MODE: '${shown(text)}' is not one of ${MODES.join(', ')}`);
  return mode ?? 'report';
}

function checkIdentity(env: Environment, problems: string[]): void {
  const endpoint = value(env, 'IDENTITY_ENDPOINT');
  if (!endpoint) return;
  const url = parseUrl(endpoint);
  if (!url || !isWeb(url))
    problems.push('IDENTITY_ENDPOINT is not a URL; the platform sets it, so do not set it by hand');
  if (!value(env, 'IDENTITY_HEADER'))
    problems.push('IDENTITY_HEADER is missing: the platform sets it together with IDENTITY_ENDPOINT');
}
