/** Writes what happens as a readable timeline: one line per fact, with the time since the last change by a person. */
import { styleText } from 'node:util';
import type { Mail, TeamsMessage } from './inbox';
import type { ObservedWrite } from './wiretap';

export interface Timeline {
  write(write: ObservedWrite): void;
  teams(message: TeamsMessage): void;
  mail(mail: Mail): void;
  /** A line of the function app's own log, as its host wrote it. */
  app(line: string): void;
  note(text: string): void;
  /** Forgets the last change: what comes now has nothing to do with it. */
  startOver(): void;
}

export interface TimelineOptions {
  readonly print: (line: string) => void;
  readonly colour: boolean;
  readonly now: () => Date;
  /** How much of the app's own log is shown; all of it unless told. */
  readonly log?: 'all' | 'problems';
  /** Leaves out the time of day, resource groups and addresses, for a reader who follows one story. */
  readonly brief?: boolean;
}

type Kind = 'change' | 'event' | 'repair' | 'told' | 'app' | 'note';

const colours = {
  change: 'yellow',
  event: 'cyan',
  repair: 'green',
  told: 'magenta',
  app: 'gray',
  note: 'bold',
} as const;

/** Colour belongs on a terminal only, and NO_COLOR (any value but an empty one) switches it off. */
export function wantsColour(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '';
}

export function createTimeline(options: TimelineOptions): Timeline {
  let changedAt: number | undefined;

  function line(kind: Kind, text: string, at = performance.now()): void {
    const since = changedAt === undefined || kind === 'change' ? '' : `+${Math.round(at - changedAt)} ms`;
    const label = kind.padEnd(7);
    const shown = options.colour ? styleText(colours[kind], label, { validateStream: false }) : label;
    const clock = options.brief === true ? '' : `${options.now().toISOString().slice(11, 23)} `;
    options.print(`${clock}${since.padStart(9)}  ${shown} ${printable(text)}`);
  }

  return {
    write: (write) => {
      if (!write.byApp && write.status < 300) changedAt = write.at;
      const where = options.brief === true ? nameIn(write.path) : shortPath(write.path);
      const what = `${write.method} ${where} (${write.status})`;
      line(write.byApp ? 'repair' : 'change', `${write.byApp ? 'the guardrail' : write.actor}: ${what}`, write.at);
    },
    teams: (message) => line('told', `Teams: ${firstLine(message.text)}`),
    mail: (mail) => line('told', `mail${options.brief === true ? '' : ` to ${mail.to.join(', ')}`}: ${mail.subject}`),
    app: (text) => {
      const shown = readableLog(text);
      if (shown === undefined || (options.log === 'problems' && shown.kind === 'app' && !isProblem(text))) return;
      line(shown.kind, options.brief === true ? shown.text.replace(/ on \S+$/, '') : shown.text);
    },
    note: (text) => line('note', text),
    startOver: () => {
      changedAt = undefined;
    },
  };
}

/** `text` with its control characters made visible: names in it come from outside and must not steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}

/** The part of a resource path that tells people which resource is meant. */
export function shortPath(path: string): string {
  return path.replace(/^\/subscriptions\/[^/]+\/resourceGroups\//i, '').replace(/providers\/Microsoft\.Network\//i, '');
}

/** The name alone, with the child's where there is one. */
function nameIn(path: string): string {
  return shortPath(path).replace(/^[^/]+\/[^/]+\//, '');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

// Starts of event-triggered runs and failures are news; starts and ends of the rest only drown it.
function readableLog(line: string): { kind: Kind; text: string } | undefined {
  const text = line.replace(/^\[[^\]]*\] \w+: /, '');
  const event = /^Executing (\w+) \((Microsoft\.\S+ on .*), id [\w-]+\)$/.exec(text);
  if (event !== null) return { kind: 'event', text: `${event[1]}: ${event[2]}` };
  if (/^Executing |^Executed \w+ \(Succeeded/.test(text) || text.trim() === '') return undefined;
  return { kind: 'app', text: text.replaceAll(/\/subscriptions\/[^/]+\/resourceGroups\/[^\s:,]+/gi, shortPath) };
}

function isProblem(line: string): boolean {
  return /^\[[^\]]*\] (warning|error|critical): /.test(line);
}
