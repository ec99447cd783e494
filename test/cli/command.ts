/** Runs the command line inside the test, on files of its own, and keeps what it said. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../cli/program';
import type { Surroundings } from '../../cli/surroundings';
import type { Terminal } from '../../cli/terminal';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export interface Circumstances {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly surroundings?: Partial<Surroundings>;
}

const NOWHERE: Surroundings = {
  openGuardrail: async () => {
    throw new Error('this command needs no guardrail');
  },
  openTenant: async () => {
    throw new Error('this command needs no tenant');
  },
  userName: () => 'dana',
};

/** Runs one command line (without node and script). */
export async function guardrail(args: readonly string[], circumstances: Circumstances = {}): Promise<Said> {
  const out: string[] = [];
  const error: string[] = [];
  const terminal: Terminal = {
    env: circumstances.env ?? {},
    isTerminal: circumstances.isTerminal ?? false,
    now: () => new Date('2026-03-01T12:00:00Z'),
    readStdin: async () => Buffer.from(circumstances.stdin ?? ''),
    writeOut: (text) => out.push(text),
    writeError: (text) => error.push(text),
  };
  const code = await run(args, terminal, { ...NOWHERE, ...circumstances.surroundings });
  return { code, out: out.join(''), error: error.join('') };
}

/** Runs a command that answers in JSON. */
export async function guardrailJson<T>(args: readonly string[], circumstances?: Circumstances): Promise<T> {
  const said = await guardrail([...args, '--format', 'json'], circumstances);
  if (said.out === '') throw new Error(`nothing on standard output; standard error: ${said.error}`);
  return JSON.parse(said.out) as T;
}

/** A folder for one test; `write` answers the path of the new file. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'guardrail-cli-'));

  write(name: string, content: unknown): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(path, isText ? content : JSON.stringify(content));
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
