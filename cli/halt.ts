/** `halt` and `resume`: stop every write at once, everywhere, and let them go on. */
import { haltLine } from '../shared/store/order-book';
import type { Surroundings } from './surroundings';
import { type ExitCode, remark, type Terminal, writeJson } from './terminal';
import { plain } from '../shared/alerts/neutral';

export interface HaltOptions {
  readonly why?: string;
  readonly by?: string;
  readonly format: 'table' | 'json';
}

/** Writes the halt down; it is read before every single write, so it works within seconds and without a deployment. */
export async function halt(
  { why = '', by, format }: HaltOptions,
  terminal: Terminal,
  { openGuardrail, userName }: Surroundings,
): Promise<ExitCode> {
  const { orders, settings } = await openGuardrail((line) => remark(terminal, line));
  const who = by ?? userName();
  const halted = await orders.halt(who, why);
  if (format === 'json') writeJson(terminal, { schemaVersion: 1, halted });
  else {
    const line = `halted: nothing is written in ${settings.subscriptions.join(', ')} (${haltLine(halted)}); looking and telling go on`;
    terminal.writeOut(`${plain(line, LONGEST_LINE)}\n`);
  }
  return 0;
}

/** Ends the halt. What was held meanwhile is taken up by the next look. */
export async function resume(
  { format }: Pick<HaltOptions, 'format'>,
  terminal: Terminal,
  { openGuardrail }: Surroundings,
): Promise<ExitCode> {
  const { orders } = await openGuardrail((line) => remark(terminal, line));
  const wasHalted = await orders.resume();
  if (format === 'json') writeJson(terminal, { schemaVersion: 1, resumed: wasHalted });
  else terminal.writeOut(wasHalted ? 'resumed: the next look takes up what was held\n' : 'There was no halt.\n');
  return 0;
}

const LONGEST_LINE = 2000;
