/** Where a story is played: lets people change things over the wire, and collects what must be true afterwards. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandResult } from '../command-line';
import { parseJson } from '../json';
import type { Playground } from '../playground';
import { printable } from '../timeline';
import { type BastionWatch, watchBastion } from './bastion-watch';
import { type ArmCall, armClient, graphClient } from './arm-client';

/** One thing a story claims, and whether it was so. */
export interface Check {
  readonly claim: string;
  readonly holds: boolean;
}

export interface Story {
  /** What `--story` calls it. */
  readonly name: string;
  readonly title: string;
  /** What it shows that the guardrail can do, in one sentence. */
  readonly proves: string;
  /** Whether the sign-in settings have to be accepted first; otherwise they are left out of the first look. */
  readonly isAboutSignIn?: boolean;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Stage {
  readonly playground: Playground;
  /** `actor` puts `body` at a resource; answers what ARM made of it. Throws when ARM refuses: the story cannot go on. */
  readonly put: (actor: string, path: string, body: unknown) => Promise<unknown>;
  /** Any other request of a person to ARM; answers the body. Throws when ARM refuses. */
  readonly send: ArmCall;
  /** Any request of a person to Graph, likewise. */
  readonly graph: ArmCall;
  /** A resource as ARM returns it. Throws when it is not there. */
  readonly get: (path: string) => Promise<unknown>;
  /** Waits until everything has come to rest; that it does is a check of its own. */
  readonly rest: () => Promise<void>;
  /** Replaces the faults in force, as POST /playground/faults does. */
  readonly faults: (faults: object) => Promise<void>;
  /** What the local Azure and the inbox answer at a control route. */
  readonly control: (method: string, route: string) => Promise<unknown>;
  /** Runs the timer's function by hand and waits for rest. */
  readonly sweep: () => Promise<void>;
  /** The same for the function of another timer. */
  readonly run: (timer: string) => Promise<void>;
  /** Runs the guardrail's command line, and shows the command and what it prints unless that is for machines. */
  readonly guardrail: (...args: readonly string[]) => Promise<CommandResult>;
  /** Waits until `condition` holds; that it does within 15 s is a check of its own, with this claim. */
  readonly until: (claim: string, condition: () => boolean | Promise<boolean>) => Promise<void>;
  readonly check: (claim: string, holds: boolean) => void;
  /** One line in the timeline: what happens behind the scenes. */
  readonly say: (text: string) => void;
  /** Prints a heading with lines under it. */
  readonly show: (heading: string, lines: readonly string[]) => void;
  /** The same for what only those want to see who ask for all of it. */
  readonly detail: (heading: string, lines: readonly string[]) => void;
  readonly checks: () => readonly Check[];
}

export interface Audience {
  readonly print: (line: string) => void;
  readonly say: (text: string) => void;
  readonly wantsDetail: boolean;
}

const longestWait = 60_000;

export function createStage(playground: Playground, { print, say, wantsDetail }: Audience): Stage {
  const { endpoints } = playground;
  const call = armClient(endpoints);
  const checks: Check[] = [];
  let watch: BastionWatch | undefined;
  playground.watchWrites((resources) => (watch = watchBastion(resources)));

  function check(claim: string, holds: boolean): void {
    checks.push({ claim, holds });
  }

  function show(heading: string, lines: readonly string[]): void {
    print(`  ${heading}`);
    for (const line of lines) print(`      ${printable(line)}`);
  }

  async function control(method: string, route: string, body?: object): Promise<unknown> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${endpoints.control}${route}`, { method, ...init });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${text}`);
    return parseJson(text);
  }

  // Several times in one story it is still one claim.
  async function rest(): Promise<void> {
    const answer = await playground.idle(longestWait);
    if (!answer.idle) check(`everything came to rest (${answer.busy.join('; ')})`, false);
    else if (!checks.some(({ claim }) => claim === 'everything came to rest')) check('everything came to rest', true);
  }

  async function run(timer: string): Promise<void> {
    const url = `${endpoints.functions}/admin/functions/${timer}`;
    const answer = await fetch(url, { method: 'POST', body: '{"input":""}' });
    if (answer.status !== 202) throw new Error(`${timer} answered ${answer.status}`);
    await rest();
  }

  return {
    playground,
    put: (actor, path, body) => call(actor, 'PUT', path, body),
    send: call,
    graph: graphClient(endpoints),
    get: (path) => call('the audience', 'GET', path),
    rest,
    faults: async (faults) => {
      await control('POST', '/faults', faults);
    },
    control,
    sweep: () => run('reconcileNetwork'),
    run,
    guardrail: async (...args) => {
      const result = await playground.command(...args);
      const isForMachines = args.includes('json');
      say(`$ guardrail ${args.map(quoted).join(' ')}${isForMachines ? '' : `  (exit code ${result.exitCode})`}`);
      if (!isForMachines) for (const line of result.output.trimEnd().split('\n')) say(`    ${line}`);
      for (const line of result.errors.split('\n').filter((text) => text.startsWith('error'))) say(`    ${line}`);
      return result;
    },
    until: async (claim, condition) => {
      const deadline = performance.now() + 15_000;
      let holds = await condition();
      while (!holds && performance.now() < deadline) {
        await delay(25);
        holds = await condition();
      }
      check(claim, holds);
    },
    check,
    say,
    show,
    detail: (heading, lines) => {
      if (wantsDetail) show(heading, lines);
    },
    checks: () => [...checks, ...bastionCheck(watch)],
  };
}

/** What an evaluator of its own saw after every write; nothing where nothing was written. */
function bastionCheck(watch: BastionWatch | undefined): Check[] {
  if (!watch || watch.asked() === 0) return [];
  const wrongs = watch.wrongs();
  const claim = `Bastion kept every way it had: asked at each write (${watch.asked()})`;
  return [{ claim: [claim, ...wrongs].join('; not so: '), holds: wrongs.length === 0 }];
}

function quoted(argument: string): string {
  return /^[\w.:/-]+$/.test(argument) ? argument : `'${argument}'`;
}
