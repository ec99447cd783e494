/** Reads a row of the incident table back as one line of the list of incidents. */
import { SEVERITIES } from '../finding';
import type { StoredRow } from './incident-index';
import { type IncidentSummary, sentOf } from './incident-row';

/** The summary; undefined for a row that is not one of ours. */
export function summaryOf(row: StoredRow): IncidentSummary | undefined {
  const { partitionKey, id, status, openedAt } = row;
  if (partitionKey === undefined || id === undefined || status === undefined || openedAt === undefined)
    return undefined;
  const severity = SEVERITIES.find((known) => known === row.severity);
  return {
    id,
    scope: partitionKey,
    status,
    openedAt,
    ...(row.closedAt ? { closedAt: row.closedAt } : {}),
    ...(severity ? { severity } : {}),
    ...(row.control ? { control: row.control } : {}),
    ...(row.resource ? { resource: row.resource } : {}),
    ...(row.title ? { title: row.title } : {}),
    findings: row.findings ?? 0,
    sent: sentOf(row),
  };
}
