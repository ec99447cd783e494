/** How an incident begins: what it is called, and which change it is put down to. */
import { type Finding, severityRank } from './finding';
import { fingerprintOf } from './fingerprint';
import type { Cause, Incident } from './incident';
import { type Gap, keyOf } from './network/network';
import type { Plan } from './remediation/plan';
import type { Scope } from './scope';

export interface Opening {
  readonly now: Date;
  readonly policyHash: string;
  readonly scope: Scope;
  readonly causes: readonly Cause[];
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

/** The incident as it stands before anything is written; a second look at the same trouble keeps its name. */
export function openIncident(earlier: Incident | undefined, run: Opening): Incident {
  const { now } = run;
  const cause = causeOf(run.causes, run.findings);
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const occasion = cause.kind === 'change' || cause.kind === 'noticed' ? cause.change.eventId : cause.kind;
  const name = fingerprintOf(now.getTime(), occasion, ...run.findings.map((finding) => finding.fingerprint));
  return {
    id: earlier?.id ?? `${stamp}-${name}`,
    scope: run.scope,
    cause: earlier?.cause ?? cause,
    policyHash: run.policyHash,
    status: 'open',
    openedAt: earlier?.openedAt ?? now.toISOString(),
    findings: run.findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity)),
    repairs: run.plan.repairs,
    held: run.plan.held,
    outcomes: earlier?.outcomes ?? [],
    gaps: run.gaps,
    timings: [],
  };
}

/** The change that speaks of what was found. Nobody is named for what somebody else may have done. */
function causeOf(causes: readonly Cause[], findings: readonly Finding[]): Cause {
  const resources = findings.map((finding) => keyOf(finding.resource));
  const isAbout = (id: string): boolean =>
    resources.some((resource) => isSameOrWithin(resource, id) || isSameOrWithin(id, resource));
  const about = causes.find((cause) => cause.kind !== 'change' || isAbout(keyOf(cause.change.resourceId)));
  if (about) return about;
  const [first] = causes;
  return first?.kind === 'change' ? { kind: 'noticed', change: first.change } : (first ?? { kind: 'sweep' });
}

function isSameOrWithin(id: string, other: string): boolean {
  return id === other || id.startsWith(`${other}/`);
}
