/** An incident as one CloudEvent, small enough for every place that Event Grid delivers to. */
import { rootOf } from '../scope';
import type { SendCloudEventInput } from '@azure/eventgrid';
import { type Alert, alertOf, type FindingAlert } from '../alerts/alert';
import type { Fact } from '../alerts/cause';
import { plain } from '../alerts/neutral';
import type { Incident, IncidentStatus } from '../incident';

/** The alert as plain data; a field may be added within version 1, none is removed or renamed. */
export interface IncidentEventData extends Alert {
  readonly schemaVersion: 1;
  /** False when lists or texts had to be cut: the incident's record in the journal has the rest. */
  readonly complete: boolean;
}

const TYPES: Readonly<Record<IncidentStatus, string>> = {
  open: 'BastionGuardrail.Incident.Opened',
  repaired: 'BastionGuardrail.Incident.Repaired',
  held: 'BastionGuardrail.Incident.Held',
  failed: 'BastionGuardrail.Incident.Failed',
};

/** A storage queue is the smallest place a subscription may lead to: 64 KiB, of which base64 leaves 48. */
const LARGEST_BYTES = 40_000;

interface Room {
  readonly entries: number;
  readonly characters: number;
}

const EVERYTHING: Room = { entries: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY };
const SMALLER: readonly Room[] = [
  { entries: 20, characters: 1024 },
  { entries: 5, characters: 512 },
  { entries: 1, characters: 256 },
];

/**
 * The CloudEvent 1.0 of an incident. `id` is the incident's id, so that one sent twice can be recognised; `source` is the
 * subscription; `subject` is the resource of the worst finding, else of the first gap; `time` is when the incident was
 * closed. `data` is the alert, worst finding first, with invisible characters written out as in every other channel.
 */
export function incidentEvent(incident: Incident): SendCloudEventInput<IncidentEventData> {
  const alert = alertOf(incident);
  const source = rootOf(incident.scope);
  return {
    id: incident.id,
    type: TYPES[incident.status],
    source,
    subject: plain(alert.findings[0]?.resource ?? incident.gaps[0]?.resource ?? '', 1024) || source,
    time: new Date(incident.closedAt ?? incident.openedAt),
    datacontenttype: 'application/json',
    data: fitted(alert),
  };
}

function fitted(alert: Alert): IncidentEventData {
  let data: IncidentEventData = { schemaVersion: 1, complete: true, ...shortened(alert, EVERYTHING) };
  for (const room of SMALLER) {
    if (Buffer.byteLength(JSON.stringify(data)) <= LARGEST_BYTES) return data;
    data = { schemaVersion: 1, complete: false, ...shortened(alert, room) };
  }
  return data;
}

function shortened(alert: Alert, { entries, characters }: Room): Alert {
  const text = (value: string): string => plain(value, characters);
  const lines = (values: readonly string[]): string[] => values.slice(0, entries).map(text);
  // Never cut in number: there are about ten, and they say who, when and where the record is.
  const facts = (values: readonly Fact[]): Fact[] => values.map(({ label, value }) => ({ label, value: text(value) }));
  const finding = (value: FindingAlert): FindingAlert => ({
    severity: value.severity,
    title: text(value.title),
    control: value.control,
    resource: text(value.resource),
    ...(value.packet === undefined ? {} : { packet: text(value.packet) }),
    path: lines(value.path),
    exposures: lines(value.exposures),
    ways: lines(value.ways),
    settings: lines(value.settings),
    ending: { kind: value.ending.kind, text: text(value.ending.text) },
    proof: lines(value.proof),
    rejected: lines(value.rejected),
  });
  return {
    incident: alert.incident,
    status: alert.status,
    word: alert.word,
    severity: alert.severity,
    headline: text(alert.headline),
    cause: facts(alert.cause),
    findings: alert.findings.slice(0, entries).map(finding),
    rules: alert.rules
      .slice(0, entries)
      .map(({ rule, before, after }) => ({ rule: text(rule), before: text(before), after: text(after) })),
    gaps: lines(alert.gaps),
    notes: alert.notes.map(text),
    record: facts(alert.record),
  };
}
