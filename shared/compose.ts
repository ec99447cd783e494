/** Wires the real parts together: settings → tenant, store, channels → the guardrail that triggers and commands use. */
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { guardrailCredential } from './azure/credential';
import { azureTenant } from './azure/tenant';
import { directoryAudit } from './azure/identity/directory-audit';
import { identityTenant } from './azure/identity/tenant';
import { emailChannel } from './channels/email';
import { eventTopicChannel } from './channels/event-grid';
import { graphMailChannel } from './channels/graph-mail';
import { teamsChannel } from './channels/teams';
import { deliver } from './deliver';
import { type Context, reconcile, reconcileAgain } from './guardrail';
import { readNetwork } from './network/read';
import type { AccessPolicy } from './policy/policy';
import { loadPolicy } from './policy-source';
import type { Channel, Ports, Snapshot } from './ports';
import { preview, type Preview } from './preview';
import { nameOfScope, type Scope } from './scope';
import { type Environment, readSettings, type Settings } from './settings';
import { openBaselines } from './store/baselines';
import { openDeadLetters } from './store/dead-letters';
import { type IncidentJournal, openJournal } from './store/journal';
import { openLeases } from './store/leases';
import { openMarks } from './store/marks';
import { openOrderBook, type PersonsOrderBook } from './store/order-book';
import { openOutbox } from './store/outbox';
import { openRecentWrites } from './store/recent-writes';
import { openRechecks } from './store/rechecks';
import type { StorageConnection } from './store/storage';
import { openAuditMarks } from './store/audit-mark';
import { tenantOfScope } from './tenant-of-scope';
import type { AuditWatch } from './watch-audit';

export interface Guardrail extends AuditWatch {
  readonly settings: Settings;
  readonly context: Context;
  readonly ports: RealPorts;
  readonly journal: IncidentJournal;
  /** What a person has said, and may say. */
  readonly orders: PersonsOrderBook;
  /** Looks at a scope again if somebody is still due to; `seconds` is how long it may take. */
  reconcileAgain(scope: Scope, seconds: number): Promise<void>;
  /** Tells what is still owed about an incident to the channels that do not have it. Throws when it should be called again. */
  deliverAlert(scope: Scope, id: string): Promise<void>;
  /** Looks at a scope and does nothing about it. */
  observe(scope: Scope): Promise<Snapshot>;
  /** What would be done about a scope, and why; nothing is done. */
  preview(scope: Scope): Promise<Preview>;
  /** Takes what is there now as the accepted state: the word of a person. Throws for a state that was not fully read. */
  accept(scope: Scope): Promise<Snapshot>;
}

interface RealPorts extends Ports {
  readonly journal: IncidentJournal;
  readonly orders: PersonsOrderBook;
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
  const context: Context = {
    policy: await loadPolicy(settings.policy, credential),
    ceiling: settings.mode,
    guarded: settings.subscriptions,
  };
  const ports = await openPorts(settings, context.policy, credential, env, log);
  const contextFor = (scope: Scope): Context => contextOf(context, scope, settings);
  const observe = (scope: Scope): Promise<Snapshot> => ports.tenant.observe(scope, context.policy.bastionHosts);
  return {
    settings,
    context,
    journal: ports.journal,
    orders: ports.orders,
    ports,
    ...(settings.tenantId !== undefined && { audit: await auditOf(settings, credential) }),
    reconcile: (scope, cause, seconds) => reconcile(ports, contextFor(scope), scope, cause, secondsFromNow(seconds)),
    reconcileAgain: (scope, seconds) => reconcileAgain(ports, contextFor(scope), scope, secondsFromNow(seconds)),
    deliverAlert: (scope, id) => deliverAlert(ports, scope, id),
    observe,
    preview: (scope) => preview(ports, contextFor(scope), scope),
    async accept(scope) {
      const lease = await ports.leases.acquire(scope);
      if (!lease) throw new Error('A look is under way, which may move the baseline as well; try again in a moment.');
      try {
        const snapshot = await observe(scope);
        refuseUnread(snapshot);
        await ports.baselines.accept(scope, snapshot.resources);
        return snapshot;
      } finally {
        await lease.release();
      }
    },
  };
}

/** What was not read would count as not there, and be taken for drift as soon as it is read. */
function refuseUnread({ scope, gaps }: Snapshot): void {
  const unread = gaps.filter((gap) => gap.what === 'not-read');
  if (unread.length === 0) return;
  const which = unread.map(({ resource, why }) => `${resource}: ${why}`).join('; ');
  throw new Error(`${nameOfScope(scope)} was not fully read, so it is not accepted as the baseline: ${which}`);
}

async function deliverAlert(ports: RealPorts, scope: Scope, id: string): Promise<void> {
  const incident = await ports.journal.readIncident(id, scope);
  if (!incident) return ports.log(`There is no incident ${id} to tell of.`);
  // Whoever closes it puts it into the outbox once more.
  if (incident.status === 'open') return ports.log(`Incident ${id} is still open and is told of when it is closed.`);
  await deliver(ports, incident);
}

async function openPorts(
  settings: Settings,
  policy: AccessPolicy,
  credential: () => Promise<TokenCredential>,
  env: Environment,
  log: (line: string) => void,
): Promise<RealPorts> {
  const connection = await connectionFor(settings, credential);
  const channels = channelsFor(settings, credential, log);
  const now = systemClock;
  return {
    tenant: tenantOfScope(
      azureTenant({
        armEndpoint: settings.armEndpoint,
        credential,
        readNetwork,
        now,
        flushConnections: policy.flushConnections,
        // Only an app is woken by events; a command that a person runs is not deaf without them.
        expectsEvents: env.FUNCTIONS_WORKER_RUNTIME !== undefined,
      }),
      settings.tenantId === undefined
        ? undefined
        : identityTenant({ ...identityOptions(settings, credential, env), policy, now }),
    ),
    journal: openJournal({ ...connection, channels: channels.map((channel) => channel.name), log }),
    baselines: openBaselines(connection, { now, keepDays: policy.baselineDays }),
    marks: openMarks(connection),
    leases: openLeases(connection, { now, log }),
    rechecks: openRechecks(connection),
    orders: openOrderBook(connection, now),
    recentWrites: openRecentWrites(connection, now),
    deadLetters: openDeadLetters(connection),
    outbox: openOutbox(connection),
    channels,
    now,
    pause,
    log,
  };
}

/** Without an identity that may write them, sign-in settings are reported: what is planned then could never be done. */
function contextOf(context: Context, { kind }: Scope, { identityClientId }: Settings): Context {
  if (kind === 'network' || identityClientId !== undefined || context.ceiling === 'off') return context;
  return { ...context, ceiling: 'report' };
}

async function connectionFor(
  { storage }: Settings,
  credential: () => Promise<TokenCredential>,
): Promise<StorageConnection> {
  return 'connectionString' in storage ? storage : { ...storage, credential: await credential() };
}

/** Reading is the app's own identity's business; writing only that of the identity that was set up for it. */
function identityOptions(
  { armEndpoint, graphEndpoint, subscriptions, identityClientId }: Settings,
  credential: () => Promise<TokenCredential>,
  env: Environment,
) {
  return {
    armEndpoint,
    graphEndpoint,
    subscriptions,
    credential,
    ...(identityClientId !== undefined && {
      writeCredential: once(() => guardrailCredential({ ...env, AZURE_CLIENT_ID: identityClientId })),
    }),
  };
}

async function auditOf(
  settings: Settings,
  credential: () => Promise<TokenCredential>,
): Promise<NonNullable<AuditWatch['audit']>> {
  const { graphEndpoint, identityClientId } = settings;
  const log = directoryAudit({
    graphEndpoint,
    credential,
    now: systemClock,
    ...(identityClientId !== undefined && { ownClientId: identityClientId }),
  });
  const marks = openAuditMarks(await connectionFor(settings, credential));
  return {
    since: (mark) => log.since(mark),
    readMark: (scope) => marks.read(scope),
    writeMark: (scope, mark) => marks.write(scope, mark),
  };
}

function secondsFromNow(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await setTimeout(ms);
}

function systemClock(): Date {
  return new Date();
}

function channelsFor(
  { teamsWebhook, email, graphMail, graphEndpoint, eventTopic }: Settings,
  credential: () => Promise<TokenCredential>,
  log: (line: string) => void,
): Channel[] {
  return [
    ...(teamsWebhook === undefined ? [] : [teamsChannel({ webhookUrl: teamsWebhook })]),
    ...(email === undefined ? [] : [emailChannel({ smtpUrl: email.smtp, from: email.from, to: email.to, log })]),
    ...(graphMail === undefined ? [] : [graphMailChannel({ graphEndpoint, credential, ...graphMail })]),
    ...(eventTopic === undefined ? [] : [eventTopicChannel({ endpoint: eventTopic, credential })]),
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
