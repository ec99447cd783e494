/** What people have been told of a scope, as keys: so that nothing is told twice and nothing graver or new is kept back. */
import { type Finding, SEVERITIES, severityRank } from './finding';
import { fingerprintOf } from './fingerprint';
import type { Incident } from './incident';
import type { Gap } from './network/network';
import type { HeldFinding } from './remediation/plan';

/** What a look has found and what became of it. */
export interface Tellable {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly held: readonly HeldFinding[];
  /** Fingerprints whose repair was tried in vain. */
  readonly failed?: readonly string[];
}

/**
 * Keys of what nobody has been told: a finding, one that has become graver or lets others through, another reason to hold it back, a repair
 * that failed, a gap at an admin port. Empty: there is nothing to say.
 */
export function newsIn({ findings, gaps, held, failed = [] }: Tellable, known: ReadonlySet<string>): string[] {
  return [
    ...findings.map(({ fingerprint, severity }) => `${fingerprint} ${severity}`),
    ...findings.map(reachKey),
    ...endings(findings, held),
    // Also of what cannot be seen any more: its repair was begun and nobody can say how it ended.
    ...failed.map(failedKey),
    ...gaps.filter((gap) => gap.touchesAdminPort).map(gapKey),
  ].filter((key) => !known.has(key));
}

/** The keys once all of it has been told. Of a finding that is still there, what was told before still counts. */
export function toldOf({ findings, gaps, held, failed = [] }: Tellable, known: ReadonlySet<string>): Set<string> {
  const there = new Set(findings.map((finding) => finding.fingerprint));
  const before = [...known].filter((key) => {
    const [fingerprint = '', ending] = key.split(' ');
    return there.has(fingerprint) && !SEVERITIES.some((severity) => severity === ending);
  });
  // Whoever was told that it is critical need not be told when it is less.
  const grades = findings.flatMap(({ fingerprint, severity }) =>
    SEVERITIES.slice(severityRank(severity)).map((grade) => `${fingerprint} ${grade}`),
  );
  const tried = failed.filter((fingerprint) => there.has(fingerprint)).map(failedKey);
  return new Set([
    ...before,
    ...grades,
    ...findings.map(reachKey),
    ...endings(findings, held),
    ...tried,
    ...gaps.map(gapKey),
  ]);
}

/** What the alerts of these incidents say, or will say once they are delivered. */
export function toldBy(incidents: readonly Incident[]): Set<string> {
  return new Set(incidents.flatMap((incident) => [...toldOf(incident, new Set())]));
}

/** A gap's key: the same wherever and whenever the same thing cannot be read. */
export function gapKey({ resource, what }: Pick<Gap, 'resource' | 'what'>): string {
  return `gap ${fingerprintOf(resource, what)}`;
}

/** Who gets through on which port; a machine more behind the same rules is no news. */
function reachKey({ fingerprint, evidence }: Finding): string {
  const reach = evidence.exposures.map(({ protocol, port, sources }) => `${port}/${protocol} ${sources.join(' ')}`);
  return `${fingerprint} reach-${fingerprintOf(...new Set(reach.toSorted()))}`;
}

function failedKey(fingerprint: string): string {
  return `${fingerprint} failed`;
}

/** A finding that only the plan uncovered has no key: it is not there before the plan has been carried out. */
function endings(findings: readonly Finding[], held: readonly HeldFinding[]): string[] {
  const there = new Set(findings.map((finding) => finding.fingerprint));
  return held
    .filter(({ finding }) => there.has(finding.fingerprint))
    .map(({ finding, hold }) => `${finding.fingerprint} ${hold.reason}`);
}
