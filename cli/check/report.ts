/** What `check` says, as data: every format is a rendering of this, and `--format json` is this itself. */
import { evaluate, evaluateIdentity } from '../../shared/controls';
import type { Checked, Skipped } from '../../shared/controls/control';
import { type Finding, SEVERITIES, type Severity, severityRank } from '../../shared/finding';
import type { Identity } from '../../shared/identity/identity';
import { readIdentity } from '../../shared/identity/read';
import { toCidrs } from '../../shared/network/address';
import { endpointsOf } from '../../shared/network/endpoint';
import type { JsonObject } from '../../shared/network/json';
import { type Gap, keyOf, type Network } from '../../shared/network/network';
import { bastionSources, type BastionSources } from '../../shared/policy/allowed';
import type { AccessPolicy } from '../../shared/policy/policy';
import type { ExitCode } from '../terminal';

export interface Report {
  readonly schemaVersion: 1;
  /** Gravest first. */
  readonly findings: readonly Finding[];
  /** Those that touch an admin port first. */
  readonly gaps: readonly Gap[];
  /** What belongs to a platform service and was not judged. */
  readonly skipped: readonly NotJudged[];
  /** The Bastion hosts that count; `pinned` is false when the policy names none and those in the input were taken. */
  readonly bastion: {
    readonly pinned: boolean;
    readonly hosts: readonly string[];
    readonly addresses: readonly string[];
  };
  readonly summary: {
    readonly resources: number;
    readonly endpoints: number;
    readonly findings: number;
    readonly bySeverity: Readonly<Record<Severity, number>>;
    readonly gaps: number;
    /** What the sign-in was judged by; absent where the input says nothing about it. */
    readonly signIn?: SignInCounts;
  };
}

export interface SignInCounts {
  readonly principals: number;
  readonly roles: number;
  readonly assignments: number;
  readonly roleSettings: number;
  readonly conditionalAccessPolicies: number;
}

/** With `control`, `name` and `ports`: what that control would have found there. */
export interface NotJudged extends Partial<Pick<Skipped, 'control' | 'name' | 'ports'>> {
  readonly resource: string;
  /** `platform-managed: ` and by what. */
  readonly why: string;
}

/** What was read, wherever it came from. */
export interface Observed {
  readonly network: Network;
  readonly gaps: readonly Gap[];
  readonly resources: number;
  /** ARM's and Graph's JSON about sign-in; undefined where there is none. */
  readonly signIn?: readonly JsonObject[];
  readonly hasNetwork: boolean;
}

const NOTHING: Checked = { findings: [], gaps: [], skipped: [] };

/** Evaluates what was read against the policy as of `now`. Pure, and the same whatever the order of the input. */
export function reportOn(observed: Observed, policy: AccessPolicy, now: Date): Report {
  const { network, hasNetwork } = observed;
  const checked = hasNetwork ? evaluate(network, policy) : NOTHING;
  const signIn = observed.signIn && signInOf(observed.signIn, policy, now);
  const bastion = bastionSources(network, policy);
  const missing = hasNetwork ? missingHosts(bastion, network, checked.findings) : [];
  const gaps = uniqueGaps([...observed.gaps, ...checked.gaps, ...missing, ...(signIn?.gaps ?? [])]);
  const findings = gravestFirst(checked.findings, signIn?.findings ?? []);
  return {
    schemaVersion: 1,
    findings,
    gaps,
    skipped: notJudged(network, checked.skipped),
    bastion: { pinned: !bastion.discovered, hosts: hostsOf(network, policy), addresses: toCidrs(bastion.addresses) },
    summary: {
      resources: observed.resources,
      endpoints: endpointsOf(network).filter((endpoint) => endpoint.platformManaged === undefined).length,
      findings: findings.length,
      bySeverity: countBySeverity(findings),
      gaps: gaps.length,
      ...(signIn && { signIn: signIn.counts }),
    },
  };
}

interface SignIn {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly counts: SignInCounts;
}

function signInOf(pieces: readonly JsonObject[], policy: AccessPolicy, now: Date): SignIn {
  const { identity, gaps } = readIdentity(pieces, now);
  const checked = evaluateIdentity(identity, policy, now);
  return { findings: checked.findings, gaps: [...gaps, ...checked.gaps], counts: countsOf(identity) };
}

function countsOf({ principals, roles, assignments, roleSettings, policies }: Identity): SignInCounts {
  return {
    principals: principals.size,
    roles: roles.size,
    assignments: assignments.length,
    roleSettings: roleSettings.length,
    conditionalAccessPolicies: policies.length,
  };
}

/** Each list comes sorted; where both are as grave, the network comes first. */
function gravestFirst(network: readonly Finding[], signIn: readonly Finding[]): readonly Finding[] {
  if (signIn.length === 0) return network;
  return [...network, ...signIn].toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
}

/** 1 with findings; 3 with none but a gap that touches an admin port, because a gap is never a pass. */
export function exitCodeOf(report: Report): ExitCode {
  if (report.findings.length > 0) return 1;
  return report.gaps.some((gap) => gap.touchesAdminPort) ? 3 : 0;
}

function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const severity of SEVERITIES)
    counts[severity] = findings.filter((finding) => finding.severity === severity).length;
  return counts;
}

function hostsOf(network: Network, policy: AccessPolicy): string[] {
  const keys = policy.bastionHosts.length > 0 ? policy.bastionHosts : [...network.bastionHosts.keys()];
  return keys.map((key) => network.bastionHosts.get(key)?.id ?? key).toSorted(compare);
}

/** Knowing a missing host could only allow more: it may explain findings away, and can never turn a pass into a finding. */
function missingHosts(bastion: BastionSources, network: Network, findings: readonly Finding[]): Gap[] {
  return bastion.missing.map(({ id, why }) => ({
    resource: network.bastionHosts.get(keyOf(id))?.id ?? id,
    what: 'bastion-not-observed',
    why: `${why}, so nothing is allowed from it; give the host, its virtual network and its subnet as well`,
    touchesAdminPort: findings.length > 0,
  }));
}

/** Every platform-managed subnet, and whatever a control passed over: those with something to see first. */
function notJudged(network: Network, skipped: readonly Skipped[]): NotJudged[] {
  const told = new Set(skipped.map(({ resource }) => keyOf(resource)));
  const subnets = [...network.subnets.values()].flatMap(({ id, platformManaged }) =>
    platformManaged === undefined || told.has(keyOf(id))
      ? []
      : [{ resource: id, why: `platform-managed: ${platformManaged}` }],
  );
  const byResource = (a: NotJudged, b: NotJudged): number => compare(a.resource, b.resource);
  return [...skipped.toSorted(byResource), ...subnets.toSorted(byResource)];
}

function uniqueGaps(gaps: readonly Gap[]): Gap[] {
  const unique = new Map(gaps.map((gap) => [JSON.stringify([keyOf(gap.resource), gap.what, gap.why]), gap]));
  return [...unique.values()].toSorted(
    (a, b) =>
      Number(b.touchesAdminPort) - Number(a.touchesAdminPort) ||
      compare(a.resource, b.resource) ||
      compare(a.what, b.what),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
