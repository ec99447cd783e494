/** Wires the real parts together: settings → tenant, store, channels → the guardrail that triggers and commands use. */
import type { TokenCredential } from '@azure/identity';
import { guardrailCredential } from './azure/credential';
import { azureTenant } from './azure/tenant';
import { emailChannel } from './channels/email';
import { teamsChannel } from './channels/teams';
import { type Context, reconcile } from './guardrail';
import type { Cause } from './incident';
import { readNetwork } from './network/read';
import { loadPolicy } from './policy-source';
import type { Channel, Ports, Snapshot } from './ports';
import type { Watch } from './receive';
import { type Scope, scopeKey } from './scope';
import { type Environment, readSettings, type Settings } from './settings';
import { openBaselines } from './store/baselines';
import { type IncidentJournal, openJournal } from './store/journal';
import type { StorageConnection } from './store/storage';
import { takingTurns } from './turns';

export interface Guardrail extends Watch {
  readonly settings: Settings;
  readonly context: Context;
  readonly journal: IncidentJournal;
  /** Looks at a scope and does nothing about it. */
  observe(scope: Scope): Promise<Snapshot>;
  /** Takes what is there now as the accepted state: the word of a person. */
  accept(scope: Scope): Promise<Snapshot>;
}

/** The settings cannot be used; the message lists every problem and never a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(`the settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Opens the guardrail for this environment. Reads the policy, and nothing else, before it answers.
 * Throws `SettingsError` or `PolicyError`, each with every problem in it.
 */
export async function openGuardrail(env: Environment, log: (line: string) => void): Promise<Guardrail> {
  const result = readSettings(env);
  if (!result.ok) throw new SettingsError(result.problems);
  const { settings } = result;
  const credential = once(() => guardrailCredential(env));
  const context: Context = { policy: await loadPolicy(settings.policy, credential), ceiling: settings.mode };
  const ports = await openPorts(settings, credential, log);
  const run = takingTurns<Scope, Cause, Awaited<ReturnType<typeof reconcile>>>(scopeKey, (scope, causes) =>
    reconcile(ports, context, scope, causes),
  );
  const observe = (scope: Scope): Promise<Snapshot> => ports.tenant.observe(scope, context.policy.bastionHosts);
  return {
    settings,
    context,
    journal: ports.journal,
    reconcile: run,
    observe,
    async accept(scope) {
      const snapshot = await observe(scope);
      await ports.baselines.accept(scope, snapshot.resources);
      return snapshot;
    },
  };
}

interface RealPorts extends Ports {
  readonly journal: IncidentJournal;
}

async function openPorts(
  settings: Settings,
  credential: () => Promise<TokenCredential>,
  log: (line: string) => void,
): Promise<RealPorts> {
  const connection: StorageConnection =
    'connectionString' in settings.storage ? settings.storage : { ...settings.storage, credential: await credential() };
  const channels = channelsFor(settings, log);
  return {
    tenant: azureTenant({ armEndpoint: settings.armEndpoint, credential, readNetwork, now: systemClock }),
    journal: openJournal({ ...connection, channels: channels.map((channel) => channel.name), log }),
    baselines: openBaselines(connection),
    channels,
    now: systemClock,
    log,
  };
}

function systemClock(): Date {
  return new Date();
}

function channelsFor({ teamsWebhook, email }: Settings, log: (line: string) => void): Channel[] {
  return [
    ...(teamsWebhook === undefined ? [] : [teamsChannel({ webhookUrl: teamsWebhook })]),
    ...(email === undefined ? [] : [emailChannel({ smtpUrl: email.smtp, from: email.from, to: email.to, log })]),
  ];
}

/** Remembers a success; a failure may work the next time. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** The guardrail of this process, opened on first use. */
export const getGuardrail: () => Promise<Guardrail> = once(() =>
  openGuardrail(process.env, (line) => {
    process.stderr.write(`${line}\n`);
  }),
);
