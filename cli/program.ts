/** The commands and their options; what each does stands in its own file. */
import { Command, CommanderError, Option } from 'commander';
import { accept, type AcceptOptions } from './accept';
import { approve, type ApproveOptions } from './approve';
import { check, CHECK_FORMATS, type CheckOptions } from './check/check';
import { explain, EXPLAIN_FORMATS, type ExplainOptions, PROTOCOLS } from './explain';
import { halt, type HaltOptions, resume } from './halt';
import { incidents, type IncidentsOptions } from './incidents';
import { plan, type PlanOptions } from './plan';
import { receive, type ReceiveOptions } from './receive';
import type { Surroundings } from './surroundings';
import { complain, type ExitCode, type Terminal } from './terminal';
import { version } from './version';

const LIVE_FORMATS = ['table', 'json'] as const;

/**
 * Runs one command line (without node and script) to its end. Never throws: what goes wrong is one line on standard
 * error and exit code 2.
 */
export async function run(args: readonly string[], terminal: Terminal, surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = commands(terminal, surroundings, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return complain(terminal, problemsOf(error));
  }
}

/** Errors about settings and policy list every problem; any other is its message. */
function problemsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  const problems: readonly unknown[] = 'problems' in error && Array.isArray(error.problems) ? error.problems : [];
  const texts = problems.filter((problem) => typeof problem === 'string');
  return texts.length > 0 ? texts : [error.message];
}

function commands(terminal: Terminal, surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  // Set before the commands are added, because they inherit it.
  const program = new Command('bastion-guardrail')
    .description('Keeps the admin ports of virtual machines reachable from Azure Bastion and from nowhere else.')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: terminal.writeOut,
      writeErr: terminal.writeError,
      outputError: (text, write) => write(text),
    });

  program
    .command('check')
    .summary('evaluate exported resources and sign-in settings, or a live subscription')
    .description(
      'Evaluates exported resources and sign-in settings: a file or folder of JSON as az, Resource Graph, Microsoft Graph or an ARM template prints it, JSON Lines, or - for standard input. Exit code: 0 clean, 1 findings, 2 bad input, 3 no findings but gaps that touch an admin port.',
    )
    .argument('[path...]', 'files and folders; all of them together are one estate')
    .option('--subscription <id...>', 'read these subscriptions live, and change nothing')
    .option(
      '--policy <file>',
      'access policy, YAML or JSON; without it nothing but the Bastion hosts in the input is allowed',
    )
    .addOption(formatOption(CHECK_FORMATS))
    .option('--now <time>', 'the clock, in ISO 8601')
    .action(async (paths: string[], options: CheckOptions) =>
      finish(await check(paths, options, terminal, surroundings)),
    );

  program
    .command('explain')
    .summary('follow one packet, layer by layer')
    .description('Follows one packet through the security groups. Exit code: 0 allowed, 1 denied, 2 bad input.')
    .argument('<path...>', 'files and folders; all of them together are one estate')
    .requiredOption('--from <address>', 'source address')
    .requiredOption('--to <address|resource>', 'address, or id or name of a machine, interface, subnet or group')
    .option('--port <number>', 'destination port')
    .addOption(new Option('--protocol <protocol>', 'protocol').choices(PROTOCOLS).default('tcp'))
    .option('--source-port <number>', 'source port; an ephemeral one unless given')
    .option('--security-group <id>', 'judge by this group alone')
    .addOption(formatOption(EXPLAIN_FORMATS))
    .action(async (paths: string[], options: ExplainOptions) => finish(await explain(paths, options, terminal)));

  addLiveCommands(program, terminal, surroundings, finish);
  return program;
}

/** Commands on the guardrail itself, with the same settings as the function app. */
function addLiveCommands(
  program: Command,
  terminal: Terminal,
  surroundings: Surroundings,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('receive')
    .summary('feed a saved event to the real entry point')
    .description(
      'Feeds a saved Event Grid delivery to the entry that the function app uses, with its settings. Exit code: 0 clean afterwards, 1 findings left, 2 bad input, 3 no findings but gaps that touch an admin port.',
    )
    .argument('<event.json>', 'one event, or an array as Event Grid delivers it; - for standard input')
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (path: string, options: ReceiveOptions) =>
      finish(await receive(path, options, terminal, surroundings)),
    );

  program
    .command('accept')
    .description('Takes what is there now as the accepted state: later drift is measured against it.')
    .option(
      '--subscription <id...>',
      'only these; otherwise all of GUARDRAIL_SUBSCRIPTIONS, and the tenant if its sign-in is guarded',
    )
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (options: AcceptOptions) => finish(await accept(options, terminal, surroundings)));

  program
    .command('incidents')
    .description('Lists the incidents, newest first, or shows one; as JSON it is the full record.')
    .argument('[id]', 'the incident to show')
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (id: string | undefined, options: IncidentsOptions) =>
      finish(await incidents(id, options, terminal, surroundings)),
    );
  addPersonsCommands(program, terminal, surroundings, finish);
}

/** What only a person may say. */
function addPersonsCommands(
  program: Command,
  terminal: Terminal,
  surroundings: Surroundings,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('plan')
    .summary('what would be done now, with the proof')
    .description(
      'Looks, plans and proves as the function app does, and does nothing. Exit code: 0 nothing found, 1 findings, 2 bad input, 3 no findings but gaps that touch an admin port.',
    )
    .option(
      '--subscription <id...>',
      'only these; otherwise all of GUARDRAIL_SUBSCRIPTIONS, and the tenant if its sign-in is guarded',
    )
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (options: PlanOptions) => finish(await plan(options, terminal, surroundings)));

  program
    .command('approve')
    .summary('let one held repair be made')
    .description(
      'Approves the repair of one finding, or of everything in an incident that waits for approval, and looks at once: it is planned and proven anew. Exit code: 0 repaired or gone, 1 still there, 2 nothing to approve.',
    )
    .argument('<fingerprint|incident>', 'as plan, an alert or incidents shows it')
    .option('--by <name>', 'who approves; otherwise the user of this machine')
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (wanted: string, options: ApproveOptions) =>
      finish(await approve(wanted, options, terminal, surroundings)),
    );

  program
    .command('halt')
    .description('Stops every write, everywhere, within seconds; looking and telling go on.')
    .option('--why <text>', 'shown wherever a repair is held for it')
    .option('--by <name>', 'who says so; otherwise the user of this machine')
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (options: HaltOptions) => finish(await halt(options, terminal, surroundings)));

  program
    .command('resume')
    .description('Ends a halt; the next look takes up what was held.')
    .addOption(formatOption(LIVE_FORMATS))
    .action(async (options: Pick<HaltOptions, 'format'>) => finish(await resume(options, terminal, surroundings)));
}

/** How the result is written. */
function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'how to write the result').choices(formats).default('table');
}
