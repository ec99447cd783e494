/** What an alert says, once and for every channel: an incident in people's words, not yet shortened or escaped. */
import { ownerOf } from '../scope';
import { type Finding, type Severity, severityRank } from '../finding';
import type { Incident, IncidentStatus } from '../incident';
import { causeFacts, type Fact, timeTaken } from './cause';
import { type Ending, endingOf, repairOf } from './ending';
import { exposureLine, packetLine } from './packet';
import { notesOf } from './notes';
import { type RuleAlert, rulesOf } from './rules';

export interface FindingAlert {
  readonly severity: Severity;
  readonly title: string;
  readonly control: string;
  readonly resource: string;
  /** The witness packet in one line, with the rule and the door that let it in. */
  readonly packet?: string;
  readonly path: readonly string[];
  readonly exposures: readonly string[];
  /** Ways around the sign-in, each one sentence about a person and a machine. */
  readonly ways: readonly string[];
  /** What is not as the policy wants it. */
  readonly settings: readonly string[];
  readonly ending: Ending;
  readonly proof: readonly string[];
  /** Better remedies that were not taken, and why. */
  readonly rejected: readonly string[];
}

export interface Alert {
  readonly incident: string;
  readonly status: IncidentStatus;
  readonly word: string;
  readonly severity: Severity;
  readonly headline: string;
  /** Who changed what, where and when. */
  readonly cause: readonly Fact[];
  /** Worst first. */
  readonly findings: readonly FindingAlert[];
  readonly rules: readonly RuleAlert[];
  readonly gaps: readonly string[];
  readonly notes: readonly string[];
  /** Times and ids that tie the alert to the record and to Azure's own logs. */
  readonly record: readonly Fact[];
}

const WORDS: Readonly<Record<IncidentStatus, string>> = {
  open: 'In progress',
  repaired: 'Repaired',
  held: 'Held',
  failed: 'Not repaired',
};

/** What there is to tell about an incident, worst finding first. Deterministic. */
export function alertOf(incident: Incident): Alert {
  const findings = findingsOf(incident);
  const worst = findings[0];
  const word = WORDS[incident.status];
  const repaired = findings.filter((finding) => repairOf(incident, finding));
  const named = incident.status === 'repaired' && repaired.length > 0 ? repaired : findings;
  const more = named.length > 1 ? ` (and ${named.length - 1} more)` : '';
  const left = findings.filter(
    (finding) => !named.includes(finding) && endingOf(incident, finding).kind === 'held',
  ).length;
  const open = left > 0 ? `; ${left} held back` : '';
  return {
    incident: incident.id,
    status: incident.status,
    word,
    severity: worst?.severity ?? gapSeverity(incident),
    headline: named[0] ? `${word}: ${named[0].title}${more}${open}` : gapHeadline(incident),
    cause: causeFacts(incident.cause),
    findings: findings.map((finding) => findingAlert(incident, finding)),
    rules: rulesOf(findings, incident),
    gaps: incident.gaps.map(({ resource, what, why }) => `${what} at ${resource}: ${why}`),
    notes: notesOf(findings, incident),
    record: recordOf(incident),
  };
}

/** Found at the first look, or only uncovered while the repair was planned; worst first. */
function findingsOf({ findings, repairs, held }: Incident): Finding[] {
  const all = [...findings, ...[...repairs, ...held].map(({ finding }) => finding)];
  const first = new Map(all.toReversed().map((finding) => [finding.fingerprint, finding]));
  return [...first.values()].toSorted(
    (a, b) => severityRank(a.severity) - severityRank(b.severity) || (a.fingerprint < b.fingerprint ? -1 : 1),
  );
}

function gapHeadline({ gaps, scope }: Incident): string {
  const whole = scope.kind === 'network' ? 'the network' : 'the sign-in settings';
  return gaps.length === 0
    ? 'Nothing is found any more'
    : `Not judged: ${gaps.length} ${gaps.length === 1 ? 'part' : 'parts'} of ${whole} could not be read or understood`;
}

/** A gap is never a pass: one that hides an admin port is as grave as an exposure that nobody can rule out. */
function gapSeverity({ gaps }: Incident): Severity {
  return gaps.some((gap) => gap.touchesAdminPort) ? 'high' : 'low';
}

function findingAlert(incident: Incident, finding: Finding): FindingAlert {
  const repair = repairOf(incident, finding);
  const packet = packetLine(finding);
  return {
    severity: finding.severity,
    title: finding.title,
    control: finding.control,
    resource: finding.resource,
    ...(packet === undefined ? {} : { packet }),
    path: finding.evidence.witness?.path ?? [],
    exposures: finding.evidence.exposures.map(exposureLine),
    ways: finding.evidence.paths ?? [],
    settings: (finding.evidence.discrepancies ?? []).map(
      ({ setting, wanted, found }) => `${setting}: ${found}; the policy wants ${wanted}`,
    ),
    ending: endingOf(incident, finding),
    proof: (repair?.proof ?? []).map(
      ({ claim, holds, detail }) => `${holds ? 'holds' : 'FAILS'}: ${claim} (${detail})`,
    ),
    rejected: (repair?.rejected ?? []).map(({ title, why }) => `${title}: ${why}`),
  };
}

function recordOf(incident: Incident): Fact[] {
  const requests = incident.outcomes.flatMap((outcome) => outcome.requestIds);
  const facts: [string, string | undefined][] = [
    ['Time taken', timeTaken(incident)],
    ['Opened', incident.openedAt],
    ['Closed', incident.closedAt],
    [incident.scope.kind === 'network' ? 'Subscription' : 'Tenant', ownerOf(incident.scope)],
    ['Policy', incident.policyHash],
    [
      incident.scope.kind === 'network' ? 'ARM request ids' : 'Request ids',
      requests.length === 0 ? undefined : requests.join(', '),
    ],
    ['Incident', incident.id],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}
