/** Opens the console in the browser of whoever sits at the terminal. */
import { spawn } from 'node:child_process';

/** Does nothing when the app serves no console or the machine has no browser: this is a convenience, never a failure. */
export async function openConsole(url: string): Promise<void> {
  const answer = await fetch(url);
  await answer.body?.cancel();
  if (!answer.ok) return;
  const [command, args] = openerOf(url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}

function openerOf(url: string): [string, string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  if (process.platform === 'win32') return ['cmd', ['/c', 'start', '', url]];
  return ['xdg-open', [url]];
}
