/** The commands and their options; what each does stands in its own file. */
import { Command, CommanderError, Option } from 'commander';
import { check, CHECK_FORMATS, type CheckOptions } from './check/check';
import { explain, EXPLAIN_FORMATS, type ExplainOptions, PROTOCOLS } from './explain';
import { complain, type ExitCode, type Terminal } from './terminal';
import { version } from './version';

/**
 * Runs one command line (without node and script) to its end. Never throws: what goes wrong is one line on standard
 * error and exit code 2.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = commands(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return complain(terminal, [error instanceof Error ? error.message : String(error)]);
  }
}

function commands(terminal: Terminal, finish: (code: ExitCode) => void): Command {
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
    .summary('evaluate exported resources or a live subscription')
    .description(
      'Evaluates exported resources: a file or folder of JSON as az, Resource Graph or an ARM template prints it, JSON Lines, or - for standard input. Exit code: 0 clean, 1 findings, 2 bad input, 3 no findings but gaps that touch an admin port.',
    )
    .argument('[path...]', 'files and folders; all of them together are one estate')
    .option('--policy <file>', 'access policy, YAML or JSON; without it everything is reported by default rules')
    .addOption(formatOption(CHECK_FORMATS))
    .option('--now <time>', 'the clock, in ISO 8601')
    .action(async (paths: string[], options: CheckOptions) => finish(await check(paths, options, terminal)));

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

  return program;
}

/** How the result is written. */
function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'how to write the result').choices(formats).default('table');
}
