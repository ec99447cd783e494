/** What a group's own rules decide about traffic that Bastion needs: first match, before any default rule is asked. */
import {
  type AddressSet,
  addressDifference,
  addressIntersection,
  addressUnion,
  EVERY_ADDRESS,
  EVERY_IPV4,
  isEmpty,
  isWithin,
  NO_ADDRESS,
  ofFamily,
  unionOf,
} from '../network/address';
import { includes } from '../network/interval';
import type { AddressMatch, SecurityRule } from '../network/network';
import { isEveryPort } from '../network/port';
import { LOAD_BALANCER_PROBE, PLATFORM_ADDRESSES, resolveTag, UNKNOWN_NETWORK } from '../network/service-tag';
import type { Requirement } from './bastion-nsg-requirement';

/** Where the group stands. */
export interface Site {
  /** Addresses of AzureBastionSubnet. */
  readonly bastion: AddressSet;
  /** `VirtualNetwork` there. */
  readonly virtualNetwork: AddressSet;
}

export interface Judgement {
  readonly isMet: boolean;
  /** Rules that let it through. */
  readonly servedBy: ReadonlySet<SecurityRule>;
  /** Rules that deny some of it, first one first; a rule that is added must stand before them. */
  readonly denials: readonly SecurityRule[];
}

/** Judges one requirement; only custom rules count, because Azure asks for them explicitly. */
export function judge(rules: readonly SecurityRule[], requirement: Requirement, site: Site): Judgement {
  const own = rules.filter((rule) => !rule.isDefault && rule.direction === requirement.direction);
  const verdicts = requirement.ports.map((port) => judgePort(own, requirement, port, site));
  const denials = new Set(verdicts.flatMap((verdict) => verdict.denials));
  return {
    isMet: verdicts.every((verdict) => verdict.isMet),
    servedBy: new Set(verdicts.flatMap((verdict) => verdict.servedBy)),
    denials: own.filter((rule) => denials.has(rule)),
  };
}

interface Verdict {
  readonly isMet: boolean;
  readonly servedBy: readonly SecurityRule[];
  readonly denials: readonly SecurityRule[];
}

function judgePort(own: readonly SecurityRule[], requirement: Requirement, port: number, site: Site): Verdict {
  const rules = own.filter(
    (rule) => speaksOf(rule, port) && isAtNearSide(rule, requirement.direction === 'inbound', site),
  );
  return requirement.far === 'GatewayManager' || requirement.far === 'AzureCloud'
    ? judgeTag(rules, requirement.far)
    : judgeAddresses(rules, requirement, site);
}

/** An Allow for some source ports only is no Allow for Bastion, while such a Deny breaks connections. */
function speaksOf({ access, protocol, sourcePorts, destinationPorts }: SecurityRule, port: number): boolean {
  if (protocol !== '*' && protocol !== 'tcp') return false;
  return includes(destinationPorts, port) && (access === 'deny' || isEveryPort(sourcePorts));
}

/** An Allow has to cover Bastion's subnet as a whole; a Deny of a part of it is bad enough. */
function isAtNearSide(rule: SecurityRule, isInbound: boolean, site: Site): boolean {
  const near = setOf(isInbound ? rule.destinations : rule.sources, site);
  return rule.access === 'allow' ? isWithin(site.bastion, near) : !isEmpty(addressIntersection(site.bastion, near));
}

/** Nobody here knows the addresses of such a tag, so it is the tag itself that a rule has to name, or everything. */
function judgeTag(rules: readonly SecurityRule[], tag: 'GatewayManager' | 'AzureCloud'): Verdict {
  const denials = rules.filter((rule) => rule.access === 'deny' && holdsTag(rule, [tag, 'AzureCloud', 'Internet']));
  const allow = rules.find((rule) => rule.access === 'allow' && holdsTag(rule, [tag]));
  const [denial] = denials;
  const isMet = allow !== undefined && (denial === undefined || allow.priority < denial.priority);
  return { isMet, servedBy: isMet ? [allow] : [], denials };
}

function holdsTag(rule: SecurityRule, tags: readonly string[]): boolean {
  const matches = farSideOf(rule);
  const names = tags.map((tag) => tag.toLowerCase());
  if (matches.some(({ kind, text }) => kind === 'tag' && names.includes(text.toLowerCase()))) return true;
  return isWithin(EVERY_IPV4, literalsOf(matches));
}

function judgeAddresses(rules: readonly SecurityRule[], requirement: Requirement, site: Site): Verdict {
  let open = neededAddresses(requirement, site);
  const servedBy: SecurityRule[] = [];
  const denials: SecurityRule[] = [];
  let hasDenied = false;
  for (const rule of rules) {
    const far = setOf(farSideOf(rule), site);
    const hasUnknown = requirement.mayBeNarrower && farSideOf(rule).some(isUnknownTag);
    const concerned = addressIntersection(neededAddresses(requirement, site), far);
    if (rule.access === 'deny') {
      if (isEmpty(concerned)) continue;
      denials.push(rule);
      hasDenied ||= !isEmpty(addressIntersection(open, far));
    } else if (!isEmpty(addressIntersection(open, far)) || (hasUnknown && !isEmpty(open))) servedBy.push(rule);
    open = addressDifference(open, far);
  }
  const isWhole = isEmpty(open) && !hasDenied;
  return { isMet: requirement.mayBeNarrower ? servedBy.length > 0 : isWhole, servedBy, denials };
}

/** Some part of the Internet that we cannot name; the two that stand for the platform are no people. */
function isUnknownTag({ kind, text }: AddressMatch): boolean {
  return kind === 'tag' && resolveTag(text, NO_ADDRESS) === undefined && text.toLowerCase() !== 'gatewaymanager';
}

/** Bastion speaks IPv4. Private ranges are nobody's Internet, even where no network here has them. */
function neededAddresses({ far }: Requirement, { virtualNetwork }: Site): AddressSet {
  if (far === 'AzureLoadBalancer') return LOAD_BALANCER_PROBE;
  if (far === 'VirtualNetwork') return ofFamily(addressDifference(virtualNetwork, PLATFORM_ADDRESSES), 'ipv4');
  const inside = addressUnion(virtualNetwork, addressUnion(UNKNOWN_NETWORK, PLATFORM_ADDRESSES));
  return addressDifference(EVERY_IPV4, inside);
}

/** The side that is not Bastion's own. */
export function farSideOf({ direction, sources, destinations }: SecurityRule): readonly AddressMatch[] {
  return direction === 'inbound' ? sources : destinations;
}

/** What surely belongs to it: unknown tags and application security groups hold nothing here. */
function setOf(matches: readonly AddressMatch[], { virtualNetwork }: Site): AddressSet {
  const inside = addressDifference(virtualNetwork, PLATFORM_ADDRESSES);
  const tags = matches.flatMap((match) => {
    if (match.kind !== 'tag') return [];
    return resolveTag(match.text, match.text.toLowerCase() === 'virtualnetwork' ? inside : virtualNetwork) ?? [];
  });
  return unionOf([literalsOf(matches), ...tags]);
}

function literalsOf(matches: readonly AddressMatch[]): AddressSet {
  return unionOf(
    matches.flatMap((match) => {
      if (match.kind === 'any') return [EVERY_ADDRESS];
      return match.kind === 'prefix' ? [match.addresses] : [];
    }),
  );
}
