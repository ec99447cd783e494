/** The verdict on one case: what a repair must never do, and what must be so once it is over. */
import type { HeldFinding, PlannedRepair } from '../../../shared/remediation/plan';
import type { Finding } from '../../../shared/finding';
import { isNetworkAction } from '../../../shared/action';
import { isRuleAction, type NetworkAction, ruleNameOf } from '../../../shared/network/action';
import type { Resource } from '../build/resource';
import { EDIT_KINDS } from '../edits';
import type { DoneEdit } from '../case';
import { isIn, rangesOf } from './address';
import { differences } from './differences';
import { type Arrival, arrivals, bastionReach } from './reach';
import { type Sketch, sketchOf } from './sketch';

export interface Course {
  readonly before: readonly Resource[];
  readonly drifted: readonly Resource[];
  readonly after: readonly Resource[];
  readonly edits: readonly DoneEdit[];
  readonly repairs: readonly Pick<PlannedRepair, 'finding' | 'remedy'>[];
  readonly held: readonly HeldFinding[];
  /** What is found once it is over. */
  readonly left: readonly Finding[];
  /** Whether Azure refuses some writes: what needs them is held as locked. */
  readonly hasLocks?: boolean;
}

/** Every way in which the course is wrong, in words; none if it is right. */
export function wrongs(course: Course): string[] {
  return [
    ...unexpectedHolds(course),
    ...unfinished(course),
    ...wrongReach(course),
    ...strayChanges(course),
    ...lostEdits(course),
  ];
}

/** What one look held and another one, or a later one, has ended needs no reason. */
function unexpectedHolds({ held, left, edits, hasLocks }: Course): string[] {
  const there = new Set(left.map(({ fingerprint }) => fingerprint));
  const allowed = edits.flatMap(({ kind }) => EDIT_KINDS[kind].holds);
  return held
    .filter(
      ({ finding, hold }) =>
        there.has(finding.fingerprint) &&
        !allowed.some(({ control, reason }) => control === finding.control && reason === hold.reason) &&
        !(hasLocks === true && hold.reason === 'locked'),
    )
    .map(
      ({ finding, hold }) =>
        `held for no reason that the table knows: ${finding.control} ${hold.reason}: ${finding.title} (${hold.detail})`,
    );
}

function unfinished({ left, held }: Course): string[] {
  const known = new Set(held.map(({ finding }) => finding.fingerprint));
  return left
    .filter(({ fingerprint }) => !known.has(fingerprint))
    .map(({ control, title }) => `neither repaired nor held: ${control}: ${title}`);
}

function wrongReach({ before, drifted, after, repairs }: Course): string[] {
  const [first, middle, last] = [before, drifted, after].map(sketchOf);
  if (!first || !middle || !last) return [];
  const [was, had, has] = [first, middle, last].map(arrivals);
  if (!was || !had || !has) return [];
  const isExcused = excuses(first, repairs);
  const gained = [...has].flatMap(([key, each]) => (!was.has(key) && !had.has(key) && !isExcused(each) ? key : []));
  const lost = [...had.values()].filter(({ place, source, port }) => !has.has(`${place} ${source} ${port}`));
  const accepted = lost.filter(({ place, source, port }) => was.has(`${place} ${source} ${port}`));
  const unnamed = lost.filter((each) => !accepted.includes(each) && !repairs.some((repair) => isNamed(each, repair)));
  const [ways, kept] = [bastionReach(middle), bastionReach(last)];
  return [
    ...some('newly reachable', gained),
    ...some('lost, though it was so when the state was accepted', accepted.map(describe)),
    ...some('lost, though no finding named it', unnamed.map(describe)),
    ...some(
      'cut off from Bastion',
      [...ways].filter((way) => !kept.has(way)),
    ),
  ];
}

/**
 * By a road that was accepted and is there again nobody gains what came since, nor can a look at one subscription answer
 * for what somebody opened in another.
 */
function excuses(first: Sketch, repairs: Course['repairs']): (arrival: Arrival) => boolean {
  const roads = new Set([...first.networks.values()].flatMap(({ peers }) => peers.map(({ id }) => id)));
  const places = new Set(first.places.map(({ id }) => id));
  const made = repairs.flatMap(({ remedy }) =>
    remedy.actions.flatMap((action) => (action.kind === 'create-resource' ? subscriptionOf(action.resource) : [])),
  );
  return ({ place, doors }) => {
    const isElsewhere = made.some((subscription) => subscription !== subscriptionOf(place));
    return (!places.has(place) || isElsewhere) && doors.every((door) => roads.has(door));
  };
}

function subscriptionOf(id: string): string {
  return id.split('/')[2] ?? '';
}

function describe({ place, source, port }: Arrival): string {
  return `${place} ${source} ${port}`;
}

function some(what: string, which: readonly string[]): string[] {
  return which.length === 0 ? [] : [`${what}: ${which.slice(0, 3).join(', ')} (${which.length})`];
}

/** By its sources, by the door it came through, or by the absence of what was put back. */
function isNamed(
  { place, subnet, source, port, doors }: Arrival,
  { finding, remedy }: Course['repairs'][number],
): boolean {
  const named = (finding.evidence.namedDoors ?? []).map((id) => id.toLowerCase());
  if (remedy.putsBack || doors.every((door) => named.includes(door))) return true;
  return finding.evidence.exposures.some((exposure) => {
    const where = exposure.endpoint.toLowerCase();
    const isThere = where === place || where === subnet;
    return isThere && exposure.port === port && isIn(source, rangesOf(exposure.sources));
  });
}

function strayChanges({ drifted, after, repairs }: Course): string[] {
  const actions = repairs.flatMap(({ remedy }) => remedy.actions.filter(isNetworkAction));
  const places = actions.flatMap(placesOf);
  const stray = differences(drifted, after).filter(
    (path) => !places.some((place) => `${path} `.startsWith(`${place} `)),
  );
  return some('changed, though no action says so', stray);
}

/** Where in the JSON an action may change something; a child resource stands inside its parent as well. */
function placesOf(action: NetworkAction): string[] {
  if (isRuleAction(action))
    return [`${action.securityGroup} properties securityrules ${ruleNameOf(action).toLowerCase()}`];
  const { resource } = action;
  const parts = resource.split('/');
  const nested = `${parts.slice(0, -2).join('/')} properties ${parts.slice(-2).join(' ')}`;
  if (action.kind !== 'edit-resource') return [resource, nested];
  return action.edits.flatMap(({ path }) => {
    const steps = path.map((step) => (typeof step === 'string' ? step : nameIn(step.named)).toLowerCase()).join(' ');
    return [`${resource} ${steps}`, `${nested} ${steps}`];
  });
}

function nameIn(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function lostEdits({ drifted, after, edits }: Course): string[] {
  return edits
    .filter(({ lasts }) => lasts?.(drifted) === true && !lasts(after))
    .map(({ kind }) => `a legitimate edit is gone: ${kind}`);
}
