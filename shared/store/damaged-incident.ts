/** Stands in for an incident whose record was damaged, so that people are still told what its table row knows. */
import { type Finding, SEVERITIES } from '../finding';
import type { Incident } from '../incident';
import type { Scope } from '../scope';
import type { StoredRow } from './incident-index';
import { damage } from './incident-record';

/** An incident with the row's headline and one gap that names the damaged blob; undefined if the row is damaged too. */
export function damagedIncident(scope: Scope, row: StoredRow, blob: string): Incident | undefined {
  const { id, status, openedAt, closedAt, title } = row;
  if (id === undefined || status === undefined || openedAt === undefined) return undefined;
  const finding: Finding = {
    control: row.control ?? '',
    resource: row.resource ?? '',
    severity: SEVERITIES.find((severity) => severity === row.severity) ?? 'medium',
    title: title === undefined || title === '' ? 'an incident whose record is damaged' : title,
    fingerprint: id,
    evidence: { exposures: [] },
    remedies: [],
    restsOn: [],
  };
  return {
    id,
    scope,
    cause: { kind: 'person', command: 'unknown, because the record is damaged' },
    policyHash: '',
    status,
    fence: row.fence ?? 0,
    openedAt,
    ...(closedAt === undefined || closedAt === '' ? {} : { closedAt }),
    findings: [finding],
    repairs: [],
    held: [],
    outcomes: [],
    gaps: [{ resource: blob, what: 'damaged-record', why: damage(blob), touchesAdminPort: false }],
    timings: [],
  };
}
