/** The inbox: what Teams and the mail server have been told, and the faults they can be given. */
import { type Fault, parseFault } from './fault';
import { type Mail, receiveMail } from './smtp';
import { receiveTeams, type TeamsMessage } from './teams';

export type { Mail } from './smtp';
export type { TeamsMessage } from './teams';

/** Oldest first. */
export interface InboxContents {
  readonly teams: readonly TeamsMessage[];
  readonly mail: readonly Mail[];
}

export interface Inbox {
  /** Where a Teams message is posted. GET on the same address answers the contents, DELETE clears them. */
  readonly teamsUrl: string;
  /** `smtp://127.0.0.1:PORT` */
  readonly smtpUrl: string;
  read(): InboxContents;
  clear(): void;
  /** Replaces the faults: `{teams: {status, times, delayMs}, smtp: {…}}`. Throws, changing nothing, on a bad value. */
  setFaults(faults: { readonly teams?: unknown; readonly smtp?: unknown }): void;
  /** The faults in force, as `setFaults` takes them. */
  faults(): { readonly teams?: unknown; readonly smtp?: unknown };
  close(): Promise<void>;
}

export interface InboxOptions {
  readonly now?: () => Date;
  readonly onTeams?: (message: TeamsMessage) => void;
  readonly onMail?: (mail: Mail) => void;
}

/** Starts the Teams receiver and the SMTP server on free ports of loopback. */
export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  const now = options.now ?? ((): Date => new Date());
  const teams: TeamsMessage[] = [];
  const mail: Mail[] = [];
  let faults: { teams: Fault | undefined; smtp: Fault | undefined } = { teams: undefined, smtp: undefined };

  function clear(): void {
    teams.length = 0;
    mail.length = 0;
  }

  function otherwise(request: Request): Response {
    if (request.method === 'GET') return Response.json({ teams, mail });
    if (request.method !== 'DELETE') return new Response(null, { status: 405 });
    clear();
    return new Response(null, { status: 204 });
  }

  const receiver = await receiveTeams({
    port: 0,
    now,
    fault: () => faults.teams,
    otherwise,
    accept: (message) => {
      teams.push(message);
      options.onTeams?.(message);
    },
  });
  const server = await receiveMail({
    port: 0,
    now,
    fault: () => faults.smtp,
    accept: (received) => {
      mail.push(received);
      options.onMail?.(received);
    },
  });

  return {
    teamsUrl: receiver.url,
    smtpUrl: server.url,
    read: () => ({ teams: [...teams], mail: [...mail] }),
    clear,
    setFaults: (wanted) => {
      faults = { teams: parseFault('teams', wanted.teams), smtp: parseFault('smtp', wanted.smtp) };
    },
    faults: () => structuredClone(faults),
    close: async () => {
      await Promise.all([receiver.close(), server.close()]);
    },
  };
}
