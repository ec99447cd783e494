/** All ways out of the app, each with a border across it. */
import type { Closing } from '../../playground/closing';
import type { Inbox } from '../../playground/inbox';
import type { Checkpoint } from './crossing';
import { openHttpBorder } from './http-border';
import { openSmtpBorder } from './smtp-border';
import { connectionString, type StorageOrigins } from './storage';

export interface Outside {
  /** Origin of the local Azure, and where under it a managed identity gets its tokens. */
  readonly azure: string;
  readonly identityPath: string;
  readonly storage: StorageOrigins;
  readonly inbox: Inbox;
}

/** The addresses that the app is given. */
export interface Borders {
  readonly azure: string;
  readonly connectionString: string;
  readonly teamsUrl: string;
  readonly smtpUrl: string;
}

/** Opens them; `closing` gets each. */
export async function openBorders(outside: Outside, checkpoint: Checkpoint, closing: Closing): Promise<Borders> {
  const { identityPath, storage, inbox } = outside;
  const worldAt = (path: string): 'identity' | 'arm' => (path === identityPath ? 'identity' : 'arm');
  const azure = closing.add(await openHttpBorder(outside.azure, worldAt, checkpoint));
  const blob = closing.add(await openHttpBorder(storage.blob, () => 'blob', checkpoint));
  const queue = closing.add(await openHttpBorder(storage.queue, () => 'queue', checkpoint));
  const table = closing.add(await openHttpBorder(storage.table, () => 'table', checkpoint));
  const webhook = new URL(inbox.teamsUrl);
  const teams = closing.add(await openHttpBorder(webhook.origin, () => 'teams', checkpoint));
  const smtp = closing.add(await openSmtpBorder(inbox.smtpUrl, checkpoint));
  return {
    azure: azure.origin,
    connectionString: connectionString({ blob: blob.origin, queue: queue.origin, table: table.origin }),
    teamsUrl: `${teams.origin}${webhook.pathname}${webhook.search}`,
    smtpUrl: smtp.url,
  };
}
