/** What a command needs from the process that runs it, and how it speaks to the person in front of it. */
import { plain } from '../shared/alerts/neutral';

/** 0 clean (or allow), 1 findings (or deny), 2 bad input, 3 no findings but a gap that touches an admin port. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal that shows colour. */
  readonly isTerminal: boolean;
  readonly now: () => Date;
  readonly readStdin: () => Promise<Buffer>;
  /** The result, and nothing else. */
  readonly writeOut: (text: string) => void;
  /** Problems and remarks. */
  readonly writeError: (text: string) => void;
}

/** One clear line on standard error for each problem; the exit code for bad input. */
export function complain(terminal: Terminal, problems: readonly string[]): ExitCode {
  for (const problem of problems) terminal.writeError(`error: ${plain(problem, LONGEST_LINE)}\n`);
  return 2;
}

/** A remark on standard error that changes nothing about the exit code. */
export function remark(terminal: Terminal, text: string): void {
  terminal.writeError(`note: ${plain(text, LONGEST_LINE)}\n`);
}

const LONGEST_LINE = 1000;
/** C1 controls are as live in a terminal as C0 ones, and JSON.stringify lets them through. */
const LIVE = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A result as JSON that is safe to print: whatever could move a terminal's cursor is written as an escape. */
export function writeJson(terminal: Terminal, value: unknown): void {
  const text = JSON.stringify(value, null, 2);
  terminal.writeOut(
    `${text.replace(LIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
  );
}

export type Colour = 'red' | 'yellow' | 'green' | 'dim' | 'bold';
const CODES: Readonly<Record<Colour, number>> = { red: 31, yellow: 33, green: 32, dim: 2, bold: 1 };

export type Paint = (colour: Colour, text: string) => string;

/** Colour on a terminal only, and never when NO_COLOR is set (https://no-color.org). */
export function paintFor({ env, isTerminal }: Pick<Terminal, 'env' | 'isTerminal'>): Paint {
  const isColoured = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return (colour, text) => (isColoured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}

/** Rows as lines whose columns begin below each other. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
