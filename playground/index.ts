/** `npm run playground`: starts a playground, says where it is, shows what happens, and stops on Ctrl-C. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { settingsFile } from './app-environment';
import { InputError } from './estate-file';
import { openConsole } from './open-console';
import { startPlayground } from './playground';
import { projectRoot } from './project-root';
import { createTimeline, wantsColour } from './timeline';

interface Arguments {
  readonly port: number;
  readonly estate?: string;
  readonly policy?: string;
  readonly mode: string;
  readonly empty?: boolean;
  readonly rbac?: boolean;
  readonly open: boolean;
}

const program = new Command('playground')
  .description('A local Azure with the guardrail on it: no account, no tools, nothing leaves this machine.')
  .option('--port <n>', 'port of the local Azure (0: any free one)', parsePort, 0)
  .option('--estate <file>', 'ARM JSON to start from (default: the hub and spoke)')
  .option('--policy <file>', 'access policy (default: the one that belongs to the estate)')
  .addOption(
    new Option('--mode <mode>', 'what the guardrail may do at most')
      .choices(['off', 'report', 'approve', 'remediate'])
      .default('remediate'),
  )
  .addOption(new Option('--empty', 'start with no resources').conflicts('estate'))
  .option('--rbac', 'hold the guardrail to the role it has when deployed (infra/roles/network.json)')
  .option('--no-open', 'do not open the console in a browser')
  .allowExcessArguments(false)
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(`${text.trim().split('\n', 1)[0]}\n`) });

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is not a port number.');
  return port;
}

async function main(): Promise<void> {
  const options = program.parse().opts<Arguments>();
  const directory = join(projectRoot(), '.playground');
  const endpointsFile = join(directory, 'endpoints.json');
  const envFile = join(directory, 'app.env');
  const log = heldUntilReady();
  const timeline = createTimeline({
    print: log.print,
    colour: wantsColour(process.stderr, process.env),
    now: () => new Date(),
  });
  const stopping = stopSignal();
  const playground = await startPlayground({ ...options, directory, timeline }).catch((error: unknown) => {
    if (!isInputFault(error)) log.release();
    throw error;
  });
  log.release();
  const line = JSON.stringify(playground.endpoints);
  const files = [
    [endpointsFile, `${line}\n`],
    [envFile, settingsFile(playground.environment)],
  ] as const;
  try {
    mkdirSync(directory, { recursive: true });
    for (const [file, text] of files) writeFileSync(file, text);
    process.stdout.write(`${line}\n`);
    if (options.open && process.stdout.isTTY) await openConsole(playground.endpoints.console);
    timeline.note(
      `ready: ARM on ${playground.endpoints.arm}, control on ${playground.endpoints.control}; Ctrl-C ends it`,
    );
    await stopping;
    timeline.note('stopping');
  } finally {
    // A playground started later has written its own over ours.
    for (const [file, text] of files) if (isStill(file, text)) rmSync(file, { force: true });
    rmSync(playground.endpoints.tlsCa, { force: true });
    await playground.close();
  }
}

function isStill(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === text;
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
async function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** Holds what the start has to say, so that a bad option or file is answered by its own message and nothing else. */
function heldUntilReady(): { readonly print: (line: string) => void; readonly release: () => void } {
  const held: string[] = [];
  let isHeld = true;
  return {
    print: (line) => {
      if (isHeld) held.push(line);
      else process.stderr.write(`${line}\n`);
    },
    release: () => {
      isHeld = false;
      for (const line of held.splice(0)) process.stderr.write(`${line}\n`);
    },
  };
}

function isInputFault(error: unknown): boolean {
  return error instanceof InputError || isPortTaken(error);
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

// A reader that has gone away must not end the playground.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isInputFault(error) ? 2 : 1;
});
