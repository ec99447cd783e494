/** Runs the guardrail's own command line with the settings of the function app, as an operator would. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs `script` with `args` in `environment` and nothing else of ours. Rejects when it cannot be started. */
export async function runCommand(
  script: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<CommandResult> {
  const child = spawn(process.execPath, [script, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code]: unknown[] = await once(child, 'close');
  return { exitCode: typeof code === 'number' ? code : 1, output, errors };
}
