/** The proof that a remedy does what it should and nothing else, made on the model before anything is written. */
import { isNetworkAction } from '../action';
import type { Accepted } from '../controls/accepted';
import type { Finding, Remedy } from '../finding';
import { isRuleAction, type NetworkAction, ruleNameOf, targetOf } from '../network/action';
import { addressDifference, addressIntersection, type AddressSet, isEmpty, NO_ADDRESS } from '../network/address';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import { analyse } from '../network/exposure';
import { keyOf, type Network, type ResourceKey } from '../network/network';
import { type World, worldAfter } from '../network/world';
import { bastionSources } from '../policy/allowed';
import type { AccessPolicy } from '../policy/policy';
import type { ProofFact } from './plan';
import { findingsEnd } from './findings-end';
import { bastionKept, nothingGained, onlyNamedLost } from './proof-facts';
import { changedRules, type Difference, differencesAt, sourcesTo, touchedTraffic } from './traffic';
import { readableFact, worldFacts } from './world-facts';

export interface Proof {
  readonly facts: readonly ProofFact[];
  readonly holds: boolean;
  /** The world once the remedy has been applied. */
  readonly after: World;
  /** How much had to be compared, as a number without a unit: for the budget of a plan. */
  readonly effort: number;
}

/** What a proof is measured against besides the network itself. */
export interface Measure {
  readonly policy: AccessPolicy;
  /** The finding is what came on top of the accepted state, and only that has to end. */
  readonly accepted?: Accepted;
  /** The accepted state as a network: what a revert makes reachable again was so then. */
  readonly acceptedNetwork?: () => Network | undefined;
}

/**
 * Proves one remedy for one finding: the finding ends and none begins, nothing becomes reachable, what is lost was named
 * by the finding, Bastion keeps every way it had, probes arrive, and nothing outbound changes. Compared are exact sets
 * over every protocol and port that can differ, at every endpoint concerned, the platform's own included.
 */
export function prove(world: World, finding: Finding, remedy: Remedy, measure: Measure): Proof {
  const actions = remedy.actions.filter(isNetworkAction);
  const after = worldAfter(world, actions);
  const rules = actions.filter(isRuleAction);
  const groups = new Set(rules.map(targetOf));
  if (rules.length === actions.length) {
    const facts = ruleFacts(world.network, after.network, finding, remedy, groups, measure);
    return { facts, holds: facts.every((fact) => fact.holds), after, effort: effortOf(world, after, actions) };
  }
  const facts = [
    ...(rules.length > 0
      ? lossByRules(world.network, worldAfter(world, rules).network, finding, remedy, groups, measure)
      : []),
    ...worldFacts(world.network, after.network, finding, remedy, measure),
    readableFact(world, after),
  ];
  return { facts, holds: facts.every((fact) => fact.holds), after, effort: effortOf(world, after, actions) };
}

/** Rules that are changed along with something else lose no more than rules that are changed by themselves. */
function lossByRules(
  network: Network,
  after: Network,
  finding: Finding,
  remedy: Remedy,
  groups: ReadonlySet<ResourceKey>,
  measure: Measure,
): readonly ProofFact[] {
  const endpoints = endpointsOf(network, groups);
  const differences = compare(network, after, groups, endpoints, measure);
  const losses = isNamed(finding, remedy) ? [] : lostBy(differences, groups, remedy, measure);
  const fact = onlyNamedLost(losses, finding, network, endpoints);
  return fact.holds ? [] : [fact];
}

/** Rules of some groups changed: only endpoints behind them, and only traffic that the changed rules speak of. */
function ruleFacts(
  network: Network,
  after: Network,
  finding: Finding,
  remedy: Remedy,
  groups: ReadonlySet<ResourceKey>,
  measure: Measure,
): readonly ProofFact[] {
  const { policy, accepted } = measure;
  const endpoints = endpointsOf(network, groups);
  const bastion = bastionSources(network, policy).addresses;
  const own = ownSubnets(network, policy);
  const differences = compare(network, after, groups, endpoints, measure);
  const gains = gainedBy(differences, groups, remedy, { bastion, own }, measure);
  const losses = isNamed(finding, remedy) ? [] : lostBy(differences, groups, remedy, measure);
  // What arrives at Bastion's own subnet comes from Azure's services: no session of Bastion's ends there.
  const toMachines = differences.filter(({ endpoint }) => !isIn(endpoint, own));
  return [
    ...findingsEnd(network, after, finding, policy, accepted, groups),
    nothingGained(gains),
    onlyNamedLost(losses, finding, network, endpoints),
    bastionKept(isNamed(finding, remedy) ? toMachines : losses, bastion),
    outboundUntouched(network, after, groups, finding, remedy, measure),
  ];
}

/** The subnets of the pinned hosts. */
function ownSubnets(network: Network, { bastionHosts }: AccessPolicy): ReadonlySet<ResourceKey> {
  return new Set(bastionHosts.flatMap((key) => network.bastionHosts.get(key)?.subnets ?? []));
}

function isIn({ subnet }: Endpoint, subnets: ReadonlySet<ResourceKey>): boolean {
  return subnet !== undefined && subnets.has(keyOf(subnet.id));
}

/** Whether the finding is about all that the changed rules let through, so that nothing lost goes unnamed. */
function isNamed({ evidence }: Finding, { actions }: Remedy): boolean {
  const named = evidence.namedRules ?? [];
  const taken = actions.filter(isRuleAction).filter(({ kind }) => kind !== 'add-rule');
  return (
    taken.length > 0 &&
    taken.every((action) =>
      named.some(({ securityGroup, rule }) => securityGroup === action.securityGroup && rule === ruleNameOf(action)),
    )
  );
}

/** What becomes reachable that was not so when the state was accepted, and is not Bastion's own way back. */
function gainedBy(
  differences: readonly Difference[],
  groups: ReadonlySet<ResourceKey>,
  remedy: Remedy,
  { bastion, own }: { readonly bastion: AddressSet; readonly own: ReadonlySet<ResourceKey> },
  { acceptedNetwork }: Measure,
): readonly Difference[] {
  const itsOwn = remedy.restoresBastion || remedy.kind === 'revert' ? bastion : NO_ADDRESS;
  const gains = differences
    .filter(({ endpoint }) => !(remedy.restoresBastion && isIn(endpoint, own)))
    .map((each) => ({ ...each, gained: addressDifference(each.gained, itsOwn) }))
    .filter(({ gained }) => !isEmpty(gained));
  const then = gains.length > 0 && remedy.kind === 'revert' ? acceptedNetwork?.() : undefined;
  if (!then) return gains;
  const analysis = analyse(then);
  const before = new Map(endpointsOf(then, groups).map((endpoint) => [endpoint.id, endpoint]));
  return gains.map((each) => {
    const endpoint = before.get(each.endpoint.id);
    if (!endpoint) return each;
    const had = sourcesTo(each.destinations, analysis.admissions(endpoint, each.protocol, each.port));
    return { ...each, gained: addressDifference(each.gained, had) };
  });
}

/** What is lost, but for what got through only because something was taken away that is put back now. */
function lostBy(
  differences: readonly Difference[],
  groups: ReadonlySet<ResourceKey>,
  remedy: Remedy,
  { acceptedNetwork }: Measure,
): readonly Difference[] {
  const then = remedy.putsBack ? acceptedNetwork?.() : undefined;
  if (!then) return differences;
  const analysis = analyse(then);
  const before = new Map(endpointsOf(then, groups).map((endpoint) => [endpoint.id, endpoint]));
  return differences.map((each) => {
    const endpoint = before.get(each.endpoint.id);
    if (!endpoint) return each;
    const had = sourcesTo(each.destinations, analysis.admissions(endpoint, each.protocol, each.port));
    return { ...each, lost: addressIntersection(each.lost, had) };
  });
}

/** How much was compared: kinds of traffic, each through all the rules of its group. */
function effortOf(world: World, after: World, actions: readonly NetworkAction[]): number {
  if (!actions.every(isRuleAction)) return WHOLE_WORLD;
  const ruled = new Set(actions.map(targetOf));
  return [...ruled].reduce((sum, key) => {
    const [old, now] = [world.network.securityGroups.get(key), after.network.securityGroups.get(key)];
    return old && now ? sum + Math.ceil((touchedTraffic(old, now).length * now.rules.length) / USUAL_RULES) : sum;
  }, 1);
}

const USUAL_RULES = 25;
/** Such a proof looks at every endpoint and every door. */
const WHOLE_WORLD = 50;

function compare(
  before: Network,
  after: Network,
  groups: ReadonlySet<ResourceKey>,
  endpoints: readonly Endpoint[],
  { acceptedNetwork }: Measure,
): Difference[] {
  const then = acceptedNetwork?.();
  const analysisBefore = analyse(before);
  const analysisAfter = analyse(after);
  const afterById = new Map(endpointsOf(after, groups).map((endpoint) => [endpoint.id, endpoint]));
  const classes = [...groups].flatMap((key) => {
    const old = before.securityGroups.get(key);
    const now = after.securityGroups.get(key);
    return old && now ? touchedTraffic(old, now, then?.securityGroups.get(key)?.rules) : [];
  });
  return endpoints.flatMap((endpoint) =>
    differencesAt(endpoint, afterById.get(endpoint.id) ?? endpoint, analysisBefore, analysisAfter, classes),
  );
}

function outboundUntouched(
  before: Network,
  after: Network,
  groups: ReadonlySet<ResourceKey>,
  finding: Finding,
  remedy: Remedy,
  { acceptedNetwork }: Measure,
): ProofFact {
  const claim = 'nothing outbound changes';
  const changed = [...groups].flatMap((key) => {
    const old = before.securityGroups.get(key);
    const now = after.securityGroups.get(key);
    return old && now ? changedRules(old, now).filter((rule) => rule.direction === 'outbound') : [];
  });
  if (changed.length === 0) return { claim, holds: true, detail: 'no outbound rule is written' };
  const names = changed.map((rule) => rule.name).join(', ');
  const isBack =
    isNamed(finding, remedy) ||
    remedy.restoresBastion ||
    (remedy.kind === 'revert' && acceptedNetwork?.() !== undefined);
  return isBack
    ? { claim: 'outbound rules become what is asked of them', holds: true, detail: names }
    : { claim, holds: false, detail: `outbound rules ${names} would change` };
}
