/** No source outside the allowed ones reaches an admin port of any VM, or of a subnet that could hold one. */
import type { Evidence, Exposure, Finding, Severity } from '../finding';
import { severityRank } from '../finding';
import { fingerprintOf } from '../fingerprint';
import {
  type Address,
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  isEmpty,
  isWithin,
  toCidrs,
  unionOf,
  NO_ADDRESS,
} from '../network/address';
import { type Door, doorAlone, doorFinder, type OpenDoor } from '../network/door';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { firstOfEqual } from '../network/equal-sets';
import { type Admission, joinFamilies } from '../network/decide';
import { type Analysis, analyse } from '../network/exposure';
import {
  type Gap,
  keyOf,
  type Network,
  type ResourceKey,
  type SecurityGroup,
  type SecurityRule,
} from '../network/network';
import { PLATFORM_ADDRESSES, type VirtualNetworkTag } from '../network/service-tag';
import { allowedSources, bastionSources } from '../policy/allowed';
import type { AccessPolicy } from '../policy/policy';
import { type Leak, remediesFor } from './rule-remedies';
import { type Accepted, toleratedAt } from './accepted';
import type { Checked, NetworkControl, Skipped } from './control';
import { remembered, rememberedPair } from './remembered';
import { machineAddresses, witnessOf } from './witness';

const ID = 'admin-ports-only-from-bastion';

export const adminPortsOnlyFromBastion: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Admin ports are reached from Azure Bastion and from nowhere else',
  why: 'A machine whose SSH or RDP port answers to anyone but Bastion is a jump host again: whoever holds a stolen password, or any other machine in the network, can log in without the strong sign-in that Bastion asks for.',
  references: [
    'https://learn.microsoft.com/azure/bastion/bastion-nsg',
    'https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works',
  ],
  measuresDrift: true,
  check,
};

/** What decides: a rule of a group, or the absence of any group on a subnet. */
interface Cause {
  readonly resource: string;
  readonly name: string;
  readonly group?: SecurityGroup;
  readonly rule?: SecurityRule;
}

/** Everything one cause lets through, for ports that are enforced or for ports that are only reported. */
interface Case {
  readonly cause: Cause;
  readonly reportOnly: boolean;
  readonly leaks: Leak[];
}

function check(network: Network, policy: AccessPolicy, focus?: ReadonlySet<ResourceKey>, accepted?: Accepted): Checked {
  const analysis = analyse(network);
  const bastion = bastionSources(network, policy);
  const cases = new Map<string, Case>();
  const gaps = new Map<string, Gap>();
  const skipped = new Map<string, Skipped>();
  const doorsTo = doorFinder(network);
  const sets = preparedSets();
  for (const endpoint of endpointsOf(network, focus)) {
    for (const { port, protocol, mode } of policy.adminPorts) {
      const admissions = analysis.admissions(endpoint, protocol, port);
      if (admissions.length === 0) continue;
      const openDoors = (): readonly OpenDoor[] => doorsTo(endpoint, protocol, port);
      const tag = tagAllowed(analysis.virtualNetworkTag(endpoint), openDoors);
      const allowed = allowedSources(policy, bastion.addresses, endpoint, port, tag);
      const harmless = sets.harmless(allowed);
      // Almost everywhere nothing is left, and then nobody needs to know by which doors it would have come.
      if (admissions.every((admission) => isWithin(admission.sources, harmless))) continue;
      const doors = openDoors();
      for (const admission of joinFamilies(admissions)) {
        const strangers = sets.without(admission.sources, harmless);
        if (isEmpty(strangers)) continue;
        const place = { endpoint: endpoint.id, protocol, port };
        const tolerated = accepted ? toleratedAt(accepted, place, sets.reachable(strangers, doors)) : NO_ADDRESS;
        const sources = isEmpty(tolerated) ? strangers : addressDifference(strangers, tolerated);
        if (isEmpty(sources)) continue;
        const cause = causeOf(endpoint, admission);
        const owner = endpoint.platformManaged ?? cause.group?.platformManaged;
        if (owner !== undefined) {
          skipped.set(endpoint.id, skip(skipped.get(endpoint.id), endpoint, owner, `${port}/${protocol}`));
          continue;
        }
        const leak = {
          endpoint,
          admission,
          protocol,
          port,
          sources,
          allowed: isEmpty(tolerated) ? allowed : addressUnion(allowed, tolerated),
          reachable: sets.reachable(sources, doors),
          doors,
        };
        addLeak(cases, cause, mode === 'report', leak);
        for (const gap of tagGaps(admission)) gaps.set(`${gap.resource} ${gap.why}`, gap);
      }
    }
  }
  let known: readonly Address[] | undefined;
  const machines = (): readonly Address[] => {
    known ??= machineAddresses(network);
    return known;
  };
  const findings = [...cases.values()].map((each) => findingOf(each, machines, analysis, sets));
  return { findings: findings.toSorted(byGravity), gaps: [...gaps.values()], skipped: [...skipped.values()] };
}

/** What `allowedSources: virtual-network` allows: all the tag may hold, but nobody who comes from the Internet by a door. */
function tagAllowed({ certain, possible }: VirtualNetworkTag, doors: () => readonly OpenDoor[]): AddressSet {
  if (certain === possible) return certain;
  const fromInternet = unionOf(
    doors()
      .filter((door) => door.fromInternet)
      .map((door) => door.sources),
  );
  return addressUnion(certain, addressDifference(possible, fromInternet));
}

function skip(known: Skipped | undefined, endpoint: Endpoint, why: string, port: string): Skipped {
  const ports = [...new Set([...(known?.ports ?? []), port])];
  return { control: ID, resource: endpoint.id, name: endpoint.name, why: `platform-managed: ${why}`, ports };
}

/**
 * A security admin rule that allows always; else the outermost rule that somebody wrote; failing that a default rule;
 * failing that the missing group. A security admin rule that only lets on decides nothing.
 */
function causeOf(endpoint: Endpoint, admission: Admission): Cause {
  const deciding = endpoint.layers.map(({ layer, group }, index) => ({
    layer,
    group,
    rule: admission.rules[index]?.rule,
  }));
  const bypass = deciding.find(({ rule }) => rule?.bypassesGroups);
  if (bypass?.group && bypass.rule) {
    return { resource: bypass.group.id, name: `${bypass.group.name}/${bypass.rule.name}`, rule: bypass.rule };
  }
  const ofGroups = deciding.filter(({ layer }) => layer !== 'admin');
  const chosen = ofGroups.find(({ rule }) => rule && !rule.isDefault) ?? ofGroups.find(({ rule }) => rule);
  if (chosen?.group && chosen.rule) {
    const { group, rule } = chosen;
    return { resource: group.id, name: `${group.name}/${rule.name}`, group, rule };
  }
  const resource = endpoint.subnet?.id ?? endpoint.id;
  return { resource, name: `no security group on ${endpoint.subnet?.name ?? endpoint.name}` };
}

/** Arithmetic on sets that many endpoints share: each answer is worked out once and shared as well. */
interface PreparedSets {
  readonly harmless: (allowed: AddressSet) => AddressSet;
  readonly without: (sources: AddressSet, harmless: AddressSet) => AddressSet;
  readonly reachable: (sources: AddressSet, doors: readonly OpenDoor[]) => AddressSet;
  readonly doorsOf: (sources: AddressSet, doors: readonly OpenDoor[]) => readonly Door[];
  readonly cidrs: (addresses: AddressSet) => readonly string[];
}

function preparedSets(): PreparedSets {
  const first = firstOfEqual();
  return {
    harmless: remembered((allowed) => addressUnion(allowed, PLATFORM_ADDRESSES)),
    without: rememberedPair((sources, harmless) => first(addressDifference(sources, harmless))),
    reachable: rememberedPair((sources, doors) =>
      first(unionOf(doors.map((door) => addressIntersection(sources, door.sources)))),
    ),
    doorsOf: rememberedPair((sources, doors) =>
      doors.filter((door) => !isEmpty(addressIntersection(door.sources, sources))).map(doorAlone),
    ),
    cidrs: remembered(toCidrs),
  };
}

function addLeak(cases: Map<string, Case>, cause: Cause, reportOnly: boolean, leak: Leak): void {
  const key = `${keyOf(cause.resource)} ${cause.rule ? `${cause.rule.priority} ${cause.rule.name}` : ''} ${reportOnly}`;
  const known = cases.get(key);
  if (known) known.leaks.push(leak);
  else cases.set(key, { cause, reportOnly, leaks: [leak] });
}

function tagGaps(admission: Admission): Gap[] {
  return admission.unknownTags.map((tag) => ({
    resource: admission.decisions.find((decision) => decision.securityGroup !== null)?.securityGroup ?? '',
    what: 'unknown-tag',
    why: `the addresses of service tag '${tag}' are not known here: read as any address where it allows and as none where it denies`,
    touchesAdminPort: true,
  }));
}

function findingOf(
  { cause, reportOnly, leaks }: Case,
  machines: () => readonly Address[],
  analysis: Analysis,
  sets: PreparedSets,
): Finding {
  const graded = leaks
    .map((leak) => ({ leak, exposure: exposureOf(leak, reportOnly, sets), severity: severityOf(leak) }))
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  const worst = graded[0];
  const severity = worst?.severity ?? 'low';
  const evidence: Evidence = {
    exposures: graded.map(({ exposure }) => exposure),
    ...(worst && { witness: witnessOf(worst.leak, machines) }),
  };
  const fingerprint = fingerprintOf(
    ID,
    reportOnly ? 'report' : 'enforce',
    keyOf(cause.resource),
    ...ruleContent(cause.rule),
  );
  const remedies =
    reportOnly || !cause.group || !cause.rule ? [] : remediesFor(cause.group, cause.rule, leaks, fingerprint, analysis);
  return {
    control: ID,
    resource: cause.resource,
    severity,
    title: titleOf(cause, leaks),
    fingerprint,
    evidence,
    remedies,
    restsOn: [...new Set(leaks.flatMap((leak) => leak.admission.unknownTags.map((tag) => `service tag ${tag}`)))],
  };
}

/** A rule that was edited is another cause than before, so its content is part of its name; where it stands in the list is not. */
function ruleContent(rule: SecurityRule | undefined): (string | number)[] {
  if (!rule) return [];
  const ports = JSON.stringify([rule.sourcePorts, rule.destinationPorts]);
  return [rule.name.toLowerCase(), rule.protocol, textsOf(rule.sources), textsOf(rule.destinations), ports];
}

function textsOf(matches: SecurityRule['sources']): string {
  return JSON.stringify(matches.map((match) => match.text.toLowerCase()).toSorted());
}

/** An open way from the Internet is critical; a rule without a door is latent and lower, not nothing. */
function severityOf({ reachable, doors, endpoint }: Leak): Severity {
  const internet = doors.some((door) => door.fromInternet && !isEmpty(addressIntersection(reachable, door.sources)));
  if (internet) return 'critical';
  return isEmpty(reachable) || endpoint.kind !== 'interface' ? 'medium' : 'high';
}

function exposureOf(leak: Leak, reportOnly: boolean, sets: PreparedSets): Exposure {
  const { endpoint, admission, protocol, port, sources, reachable, doors } = leak;
  return {
    endpoint: endpoint.id,
    endpointName: endpoint.name,
    address: addressText(admission.destinations),
    protocol,
    port,
    reportOnly,
    sources: sets.cidrs(sources),
    reachable: sets.cidrs(reachable),
    decidedBy: admission.decisions,
    doors: sets.doorsOf(sources, doors),
  };
}

/** One address as itself, several as CIDRs. */
function addressText(addresses: AddressSet): string {
  return toCidrs(addresses)
    .map((cidr) => cidr.replace(/^([\d.]+)\/32$|^([\da-f:]+)\/128$/, '$1$2'))
    .join(', ');
}

function titleOf(cause: Cause, leaks: readonly Leak[]): string {
  const ports = [...new Set(leaks.map((leak) => `${leak.port}/${leak.protocol}`))].join(', ');
  const names = [...new Set(leaks.map((leak) => leak.endpoint.name))];
  const [first] = names.toSorted((a, b) => Number(a.includes('/')) - Number(b.includes('/')));
  const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const verb = cause.rule ? 'lets others than Bastion reach' : 'leaves open';
  return `${cause.name} ${verb} ${ports} of ${first ?? cause.name}${others}`;
}

function byGravity(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    Number(isReportOnly(a)) - Number(isReportOnly(b)) ||
    a.fingerprint.localeCompare(b.fingerprint)
  );
}

function isReportOnly({ evidence }: Finding): boolean {
  return evidence.exposures.every((exposure) => exposure.reportOnly);
}
