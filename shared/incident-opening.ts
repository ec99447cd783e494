/** How an incident begins: what it is called, and which change it is put down to. */
import { type Finding, severityRank } from './finding';
import { fingerprintOf } from './fingerprint';
import { isSameSetting } from './identity/same-setting';
import type { Cause, Incident } from './incident';
import { targetKeyOf } from './action';
import { type Gap, keyOf } from './network/network';
import type { Outcome } from './remediation/outcome';
import type { Plan, PlannedRepair } from './remediation/plan';
import type { Scope } from './scope';

export interface Opening {
  readonly now: Date;
  readonly fence: number;
  readonly policyHash: string;
  readonly scope: Scope;
  readonly causes: readonly Cause[];
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  /** What became of what was planned before, in this run and earlier. */
  readonly outcomes: readonly Outcome[];
  /** What people have been told already. */
  readonly known: ReadonlySet<string>;
}

/**
 * The incident as it stands before anything is written; a second look at the same trouble keeps its name, and what was
 * repaired before it stays part of the story.
 */
export function openIncident(earlier: Incident | undefined, run: Opening): Incident {
  const { now, plan } = run;
  const replanned = fingerprints([...plan.repairs, ...plan.held]);
  const latest = new Map(run.outcomes.map((outcome) => [outcome.resource, outcome]));
  const past = (earlier?.repairs ?? []).filter(({ finding }) => !replanned.has(finding.fingerprint));
  // Somebody else has put another trouble in its place: then it is theirs to tell, and not a repair of ours.
  const overtaken = replanned.size === 0 ? [] : past.filter((repair) => isUnwritten(repair, latest));
  const done = past.filter((repair) => !overtaken.includes(repair));
  const told = [run.findings, [...(earlier?.held ?? []), ...overtaken].map(({ finding }) => finding)].flat();
  const elsewhere = new Set(told.map((finding) => finding.fingerprint));
  const gone = (earlier?.findings ?? []).filter((finding) => !elsewhere.has(finding.fingerprint));
  const cause = counted(causeOf(run.causes, run.findings, plan), run);
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const occasion = cause.kind === 'change' || cause.kind === 'noticed' ? cause.change.eventId : cause.kind;
  const name = fingerprintOf(now.getTime(), occasion, ...run.findings.map((finding) => finding.fingerprint));
  return {
    id: earlier?.id ?? `${stamp}-${name}`,
    scope: run.scope,
    cause: earlier?.cause ?? cause,
    policyHash: run.policyHash,
    status: 'open',
    fence: run.fence,
    openedAt: earlier?.openedAt ?? now.toISOString(),
    findings: [...run.findings, ...gone].toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity)),
    repairs: [...done, ...plan.repairs],
    held: plan.held,
    outcomes: earlier?.outcomes ?? [],
    gaps: run.gaps,
    timings: [],
  };
}

/** Certain not to have been written; a write that failed in any other way may have arrived all the same. */
function isUnwritten({ remedy }: PlannedRepair, latest: ReadonlyMap<string, Outcome>): boolean {
  return remedy.actions.some((action) => {
    const outcome = latest.get(targetKeyOf(action));
    if (outcome?.status === 'failed') return outcome.refusal === true;
    return outcome?.status === 'superseded' || outcome?.status === 'stopped';
  });
}

function fingerprints(entries: readonly { readonly finding: Finding }[]): ReadonlySet<string> {
  return new Set(entries.map(({ finding }) => finding.fingerprint));
}

/**
 * The change that speaks of what was found, or of what is put back because of it: who joins a machine to a group changes
 * what a rule lets through without touching the rule. Nobody is named for what somebody else may have done.
 */
function causeOf(causes: readonly Cause[], findings: readonly Finding[], { repairs }: Plan): Cause {
  const reverts = repairs.filter(({ remedy }) => remedy.kind === 'revert').flatMap(({ remedy }) => remedy.actions);
  const about =
    changeOf(
      causes,
      findings.map((finding) => keyOf(finding.resource)),
    ) ?? changeOf(causes, reverts.map(targetKeyOf));
  const other = about ?? causes.find((cause) => cause.kind !== 'change');
  if (other) return other;
  const [first] = causes;
  return first?.kind === 'change' ? { kind: 'noticed', change: first.change } : { kind: 'sweep' };
}

function changeOf(causes: readonly Cause[], resources: readonly string[]): Cause | undefined {
  const isAbout = (id: string): boolean =>
    resources.some(
      (resource) => isSameOrWithin(resource, id) || isSameOrWithin(id, resource) || isSameSetting(resource, id),
    );
  return causes.find((cause) => cause.kind === 'change' && isAbout(keyOf(cause.change.resourceId)));
}

/** A sweep that finds drift nobody knew of found what an event should have told us. */
function counted(cause: Cause, { plan, known }: Opening): Cause {
  if (cause.kind !== 'sweep') return cause;
  const drifts = [...plan.repairs, ...plan.held.filter(({ hold }) => hold.reason !== 'standing')];
  const isNew = ({ fingerprint, severity }: Finding): boolean => !known.has(`${fingerprint} ${severity}`);
  return { kind: 'sweep', missed: drifts.filter(({ finding }) => isNew(finding)).length };
}

function isSameOrWithin(id: string, other: string): boolean {
  return id === other || id.startsWith(`${other}/`);
}
