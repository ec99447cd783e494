/** An incident as a row of the table `guardrailincidents`: what lists, searches and deliveries need, without the record. */
import { type Severity, severityRank } from '../finding';
import type { Incident, IncidentStatus } from '../incident';
import { scopeKey } from '../scope';

/** One line of the list of incidents. */
export interface IncidentSummary {
  readonly id: string;
  readonly scope: string;
  readonly status: IncidentStatus;
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly severity?: Severity;
  readonly control?: string;
  readonly resource?: string;
  readonly title?: string;
  readonly findings: number;
  /** Channels that have the alert. */
  readonly sent: readonly string[];
}

export interface IncidentRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly id: string;
  readonly status: IncidentStatus;
  /** The number of the lease under which the incident was last written. */
  readonly fence: number;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly severity: string;
  readonly control: string;
  readonly resource: string;
  readonly title: string;
  readonly findings: number;
  /** JSON list of channel names. */
  readonly sent: string;
  /** Whether the incident's due row is there: open, or not told to everybody. */
  readonly due: boolean;
}

const LAST_MS = 9_999_999_999_999;
/** A table property holds 32,768 UTF-16 units; nothing here is worth that much. */
const MOST = 1_000;

/** Newest first, because a table lists in the order of its row keys. */
export function rowKeyOf(incident: Incident): string {
  return `incident!${padded(LAST_MS - Date.parse(incident.openedAt))}!${incident.id}`;
}

/** Oldest first: the order in which alerts are sent. */
export function dueKeyOf(incident: Incident): string {
  return `due!${padded(Date.parse(incident.openedAt))}!${incident.id}`;
}

/** The row of an incident that these channels know of already. */
export function rowOf(incident: Incident, sent: readonly string[], due: boolean): IncidentRow {
  const worst = incident.findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))[0];
  return {
    partitionKey: scopeKey(incident.scope),
    rowKey: rowKeyOf(incident),
    id: incident.id,
    status: incident.status,
    fence: incident.fence,
    openedAt: incident.openedAt,
    closedAt: incident.closedAt ?? '',
    severity: worst?.severity ?? '',
    control: worst?.control ?? '',
    resource: worst?.resource.slice(0, MOST) ?? '',
    title: worst?.title.slice(0, MOST) ?? '',
    findings: incident.findings.length,
    sent: JSON.stringify(sent),
    due,
  };
}

/** Channels named in a row's `sent`; none if it cannot be read, so that an alert is rather told twice than never. */
export function sentOf(row: { readonly sent?: unknown } | undefined): string[] {
  try {
    const sent: unknown = JSON.parse(typeof row?.sent === 'string' ? row.sent : '[]');
    return Array.isArray(sent) ? sent.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/** Throws for an incident that cannot be stored: a key made of anything else could leave its folder or its partition's range. */
export function checkKeys({ id, openedAt }: Incident): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(id)) throw new Error(`Incident id '${id}' cannot be a storage key.`);
  if (Number.isNaN(Date.parse(openedAt))) throw new Error(`Incident ${id} has no valid opening time: '${openedAt}'.`);
}

function padded(ms: number): string {
  return String(ms).padStart(13, '0');
}
