/** `incidents`: what was found and done, newest first, or one record in full. */
import { alertOf } from '../shared/alerts/alert';
import { plain } from '../shared/alerts/neutral';
import { renderText } from '../shared/alerts/text';
import type { Guardrail } from '../shared/compose';
import type { Surroundings } from './surroundings';
import { columns, complain, type ExitCode, remark, type Terminal, writeJson } from './terminal';

export interface IncidentsOptions {
  readonly format: 'table' | 'json';
}

/** Lists the incidents, or shows the one with this id; its JSON is the full record. */
export async function incidents(
  id: string | undefined,
  { format }: IncidentsOptions,
  terminal: Terminal,
  { openGuardrail }: Surroundings,
): Promise<ExitCode> {
  const { journal } = await openGuardrail((line) => remark(terminal, line));
  if (id === undefined) return list(journal, format, terminal);
  const incident = await journal.readIncident(id);
  if (!incident) return complain(terminal, [`there is no incident '${id}'; run incidents without an id for the list`]);
  if (format === 'json') writeJson(terminal, { schemaVersion: 1, ...incident });
  else terminal.writeOut(renderText(alertOf(incident)));
  return 0;
}

async function list(
  journal: Guardrail['journal'],
  format: IncidentsOptions['format'],
  terminal: Terminal,
): Promise<ExitCode> {
  const summaries = await journal.listIncidents();
  if (format === 'json') {
    writeJson(terminal, { schemaVersion: 1, incidents: summaries });
    return 0;
  }
  if (summaries.length === 0) {
    terminal.writeOut('No incidents.\n');
    return 0;
  }
  const rows = summaries.map(({ id, openedAt, status, severity, title }) => [
    plain(id, 80),
    plain(openedAt, 40),
    status,
    severity ?? '-',
    plain(title ?? '', 200),
  ]);
  terminal.writeOut(`${columns([['INCIDENT', 'OPENED', 'STATUS', 'SEVERITY', 'WHAT'], ...rows]).join('\n')}\n`);
  return 0;
}
