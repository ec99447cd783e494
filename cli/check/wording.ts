/** The sentences that table, HTML and SARIF have in common. */
import type { Finding } from '../../shared/finding';
import { SEVERITIES } from '../../shared/finding';
import { nameOf } from '../../shared/network/network';
import type { NotJudged, Report } from './report';

/** A resource's short name: its own, and its network's if it is a subnet. */
export function shortName(id: string): string {
  const child = /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(id);
  return child ? `${child[1]}/${child[2]}` : nameOf(id) || id;
}

/** What may be done first, or that a person must decide. */
export function firstRemedy(finding: Finding): string {
  const [remedy] = finding.remedies;
  if (finding.restsOn.length > 0) return `a person must decide: it rests on ${finding.restsOn.join(', ')}`;
  if (!remedy) return 'a person must decide what to do';
  const reserved = remedy.needsPerson ?? remedy.needsApproval;
  const who = remedy.needsPerson === undefined ? 'needs approval' : 'left to a person';
  return `${remedy.kind}: ${remedy.title}${reserved === undefined ? '' : ` (${who}: ${reserved})`}`;
}

/** `enableIpConnect: wanted off, found on`, one line for each setting that is not as it should be. */
export function discrepancyLines({ evidence }: Finding): string[] {
  return (evidence.discrepancies ?? []).map(
    ({ setting, wanted, found }) => `${setting}: wanted ${wanted}, found ${found}`,
  );
}

/** `3 findings (1 critical, 2 medium)`. */
export function findingCount({ summary }: Report): string {
  const parts = SEVERITIES.filter((severity) => summary.bySeverity[severity] > 0).map(
    (severity) => `${summary.bySeverity[severity]} ${severity}`,
  );
  return `${counted(summary.findings, 'finding')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/** The last line: what came out, and over how much. */
export function summaryLine(report: Report): string {
  const { summary } = report;
  const extent = extentOf(report);
  const touching = report.gaps.filter((gap) => gap.touchesAdminPort).length;
  if (summary.findings > 0) {
    const gaps = summary.gaps > 0 ? `, ${counted(summary.gaps, 'gap')}` : '';
    return `${findingCount(report)}${gaps}; ${extent}.`;
  }
  if (touching > 0) {
    const verb = touching === 1 ? 'touches' : 'touch';
    const what = summary.signIn ? 'an admin port or the sign-in before it' : 'an admin port';
    return `No findings, but ${counted(touching, 'gap')} ${verb} ${what}, so this is not a pass; ${extent}.`;
  }
  const gaps = summary.gaps > 0 ? ` ${counted(summary.gaps, 'gap')} that no admin port depends on.` : '';
  if (summary.signIn) {
    const ports = summary.endpoints > 0 ? ', nothing but the allowed sources reaches an admin port' : '';
    return `All good: ${extent}${ports}, and nobody uses Bastion without the sign-in that the policy asks for.${gaps}`;
  }
  if (summary.endpoints === 0)
    return `Nothing to judge: no subnet for machines, no interface and no security group in ${counted(summary.resources, 'resource')}.${gaps}`;
  return `All good: ${extent}, and nothing but the allowed sources reaches an admin port.${gaps}`;
}

function extentOf({ summary }: Report): string {
  const network = `${counted(summary.endpoints, 'endpoint')} judged in ${counted(summary.resources, 'resource')}`;
  if (!summary.signIn) return network;
  const { assignments, conditionalAccessPolicies: policies } = summary.signIn;
  const signIn = `${counted(assignments, 'role assignment')} and ${policies} Conditional Access ${policies === 1 ? 'policy' : 'policies'}`;
  return summary.endpoints === 0 ? `${signIn} judged` : `${network}, with ${signIn}`;
}

/** Which Bastion hosts were taken, if the policy names none; undefined with a pin. */
export function bastionRemark({ bastion, summary }: Report): string | undefined {
  if (bastion.pinned) return undefined;
  // Who signs in does not depend on where sessions come from.
  if (summary.signIn && summary.endpoints === 0 && bastion.hosts.length === 0) return undefined;
  if (bastion.hosts.length === 0) {
    return 'The policy pins no Bastion host and the input has none, so no source is allowed. Pin yours with --policy.';
  }
  const addresses = bastion.addresses.length > 0 ? bastion.addresses.join(', ') : 'no known address';
  const names = bastion.hosts.map(shortName).join(', ');
  return `The policy pins no Bastion host; taken from the input: ${names} (${addresses}). Pin the real one with --policy.`;
}

/** `delegated to Microsoft.Sql/managedInstances; open to others: 22/tcp, 3389/tcp`. */
export function reasonNotJudged({ why, ports = [] }: NotJudged): string {
  const owner = why.replace(/^platform-managed: /, '');
  return ports.length === 0 ? owner : `${owner}; open to others: ${ports.join(', ')}`;
}

/** `1 gap`, `2 gaps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
