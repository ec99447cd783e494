/** `receive`: feeds saved events to the entry that Event Grid calls. */
import { plain } from '../shared/alerts/neutral';
import type { RunReport } from '../shared/guardrail';
import { receive as receiveEvent, type Received, summaryOf } from '../shared/receive';
import { readFiles } from './input/files';
import { parseJson } from './input/json-text';
import type { Surroundings } from './surroundings';
import { complain, type ExitCode, remark, type Terminal, writeJson } from './terminal';

export interface ReceiveOptions {
  readonly format: 'table' | 'json';
}

/** One saved delivery: an event, or the array in which Event Grid hands events over. Each is looked at in turn. */
export async function receive(
  path: string,
  { format }: ReceiveOptions,
  terminal: Terminal,
  { openGuardrail }: Surroundings,
): Promise<ExitCode> {
  const events = await readEvents(path, terminal);
  if (!events.ok) return complain(terminal, events.problems);
  const log = (line: string): void => remark(terminal, line);
  const results: Received[] = [];
  for (const event of events.events) results.push(await receiveEvent(event, () => openGuardrail(log), log));
  if (format === 'json') writeJson(terminal, { schemaVersion: 1, events: results });
  else terminal.writeOut(results.map((result) => `${plain(resultLine(result), 1000)}\n`).join(''));
  return exitCodeOf(results);
}

type Events =
  | { readonly ok: true; readonly events: readonly unknown[] }
  | { readonly ok: false; readonly problems: readonly string[] };

async function readEvents(path: string, terminal: Terminal): Promise<Events> {
  const { files, problems } = await readFiles([path], terminal.readStdin);
  const events: unknown[] = [];
  const wrong = [...problems];
  for (const { name, text } of files) {
    const parsed = parseJson(text);
    if (!parsed.ok)
      wrong.push(`${name}:${parsed.fault.line}:${parsed.fault.column}: not valid JSON: ${parsed.fault.what}`);
    else if (Array.isArray(parsed.value)) events.push(...(parsed.value as unknown[]));
    else events.push(parsed.value);
  }
  if (wrong.length === 0 && events.length === 0) wrong.push(`${path}: no event in it`);
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, events };
}

function resultLine(result: Received): string {
  switch (result.kind) {
    case 'reconciled':
      return `looked: ${result.change.operation} on ${result.change.resourceId}: ${summaryOf(result.report)}`;
    case 'ignored':
      return `ignored: ${result.why}`;
    case 'malformed':
      return `malformed: ${result.problems.join('; ')}`;
  }
}

function exitCodeOf(results: readonly Received[]): ExitCode {
  if (results.some((result) => result.kind === 'malformed')) return 2;
  return outcomeOf(results.flatMap((result) => (result.kind === 'reconciled' ? [result.report] : [])));
}

/** What is left after the guardrail has done its work, in the same exit codes as `check`. */
function outcomeOf(reports: readonly RunReport[]): ExitCode {
  if (reports.some((report) => report.findings.length > 0)) return 1;
  // A look that is not over says nothing yet, and that is not a pass.
  const isUnknown = reports.some(({ looked, gaps }) => looked !== 'done' || gaps.some((gap) => gap.touchesAdminPort));
  return isUnknown ? 3 : 0;
}
