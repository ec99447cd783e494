#!/usr/bin/env node
/** The entry point of `bastion-guardrail`: joins the commands to this process. */
import { run } from './program';
import { surroundingsOf } from './surroundings';
import type { Terminal } from './terminal';

// A reader that closes early (`| head`) wants no more and no complaint.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function main(): Promise<void> {
  const terminal: Terminal = {
    env: process.env,
    isTerminal: process.stdout.isTTY,
    now: () => new Date(),
    readStdin,
    writeOut: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  };
  process.exitCode = await run(process.argv.slice(2), terminal, surroundingsOf(process.env));
}

void main();
