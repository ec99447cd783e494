/** What must hold when it is all over, judged by the state of ARM, the stored incidents, the inbox, and what crossed the borders. */
import { isDeepStrictEqual } from 'node:util';
import { at, isObject, listAt, textAt } from '../../playground/json';
import { keyOf } from '../../shared/network/network';
import type { Incident } from '../../shared/incident';
import { byId, lasting, rulesOf } from '../e2e/guarded-estate';
import { bastionReach, strangersReach } from '../oracle/drift';
import type { ArmResource } from '../oracle/arm';
import { type Drift, driftedGroup, editedRule } from './drift';
import { type Mode, type Passage, PERSON, type World } from './world';

export interface Expected {
  readonly mode: Mode;
  readonly drift: Drift;
  /** Whether somebody edited the group besides. */
  readonly isEdited: boolean;
  /** How often an alert may be told: once, and again for every time that its delivery or the note of it was spoilt. */
  readonly mostTold: number;
  /** How many writes ARM may have taken. */
  readonly mostWrites: number;
}

export interface Verdict {
  /** What is wrong, one sentence each; empty if all is well. */
  readonly problems: readonly string[];
  readonly statuses: readonly string[];
  readonly writes: number;
  readonly teams: number;
  readonly mail: number;
}

/** True once nobody but Bastion gets in (or, in report mode, whatever), every incident is closed, and its alert is everywhere. */
export async function isAllDone(world: World, mode: Mode): Promise<boolean> {
  const incidents = await world.incidents();
  if (incidents.length === 0 || incidents.some(({ status }) => status === 'open')) return false;
  if (CHANNELS.some((_, channel) => untold(world, incidents, channel).length > 0)) return false;
  return mode === 'report' || strangersReach(await world.resources()).length === 0;
}

export async function judge(world: World, clean: readonly ArmResource[], expected: Expected): Promise<Verdict> {
  const after = await world.resources();
  const incidents = await world.incidents();
  const puts = world.passages().filter(({ world: where, method }) => where === 'arm' && method !== 'GET');
  const writes = await writesTaken(world);
  const { teams, mail } = world.inbox.read();
  const problems = [
    ...compliance(clean, after, expected),
    ...recorded(incidents, expected),
    ...told(world, incidents, expected),
    ...untouched(clean, after, expected),
    ...writing(puts, writes, expected),
  ];
  const statuses = incidents.map(({ status }) => status);
  return { problems, statuses, writes, teams: teams.length, mail: mail.length };
}

/** How many writes of the app ARM has carried out, by the events it raised: an answer that was lost counts too. */
async function writesTaken(world: World): Promise<number> {
  const raised = listAt(await world.control('state', undefined), 'events', 'raised');
  return raised.filter(
    (event) =>
      textAt(event, 'eventType') === 'Microsoft.Resources.ResourceWriteSuccess' &&
      textAt(event, 'data', 'claims', 'name') !== PERSON,
  ).length;
}

function compliance(clean: readonly ArmResource[], after: readonly ArmResource[], { mode }: Expected): string[] {
  const kept = new Set(bastionReach(after));
  const lost = bastionReach(clean).filter((way) => !kept.has(way));
  const [stranger] = mode === 'report' ? [] : strangersReach(after);
  return [
    ...lost.map((way) => `Bastion no longer reaches ${way}`),
    ...(stranger
      ? [`not compliant: ${stranger.source} reaches ${stranger.destination}:${stranger.destinationPort}`]
      : []),
  ];
}

function recorded(incidents: readonly Incident[], { mode }: Expected): string[] {
  if (incidents.length === 0) return ['no incident is on record'];
  const open = incidents.filter(({ status }) => status === 'open').map(({ id }) => `incident ${id} is still open`);
  const wanted = mode === 'report' ? 'held' : 'repaired';
  return incidents.some(({ status }) => status === wanted) ? open : [...open, `no incident is on record as ${wanted}`];
}

const CHANNELS = ['Teams', 'mail'] as const;

function told(world: World, incidents: readonly Incident[], { mostTold }: Expected): string[] {
  return CHANNELS.flatMap((name, channel) => {
    const counts = incidents.map((incident) => [incident.id, tellings(world, incident)[channel] ?? 0] as const);
    return [
      ...untold(world, incidents, channel).map(
        ({ id, status }) => `${name} was never told of incident ${id} (${status})`,
      ),
      ...counts.flatMap(([id, count]) =>
        count > mostTold ? [`${name} was told ${count} times of incident ${id}`] : [],
      ),
    ];
  });
}

/** Incidents a channel has not heard of; what could not be repaired may have been told by another record of the same. */
function untold(world: World, incidents: readonly Incident[], channel: number): Incident[] {
  const isTold = (incident: Incident): boolean => (tellings(world, incident)[channel] ?? 0) > 0;
  const known = new Set(incidents.filter(isTold).flatMap(contents));
  return incidents.filter(
    (incident) =>
      !isTold(incident) && (incident.status === 'repaired' || contents(incident).some((each) => !known.has(each))),
  );
}

function contents({ findings, gaps }: Incident): string[] {
  return [
    ...findings.map(({ fingerprint }) => fingerprint),
    ...gaps.map(({ resource, what }) => `${what} ${resource}`),
  ];
}

function tellings(world: World, { id }: Incident): readonly [number, number] {
  const { teams, mail } = world.inbox.read();
  return [
    teams.filter(({ card }) => JSON.stringify(card).includes(id)).length,
    mail.filter(({ headers }) => (headers['message-id'] ?? '').includes(id)).length,
  ];
}

/** Everything but the rule that let strangers in is as it was; the guardrail may have added rules of its own name. */
function untouched(clean: readonly ArmResource[], after: readonly ArmResource[], expected: Expected): string[] {
  const group = keyOf(driftedGroup);
  const problems = [...new Set([...clean, ...after].map(({ id }) => keyOf(id)))]
    .filter((id) => id !== group)
    .filter((id) => !isDeepStrictEqual(lasting(byId(clean, id)), lasting(byId(after, id))))
    .map((id) => `${id} was changed`);
  const [was, is] = [byId(clean, group), byId(after, group)];
  if (!isDeepStrictEqual(withoutRules(was), withoutRules(is)))
    problems.push('more than rules was changed in the group');
  const { drift, isEdited, mode } = expected;
  const [before, now] = [rulesOf(was), rulesOf(is)];
  for (const [name, rule] of before) {
    if (!isDeepStrictEqual(lasting(rule), lasting(now.get(name)))) problems.push(`rule ${name} was changed or lost`);
  }
  const added = [...drift.bystanders, ...(isEdited ? [editedRule] : []), ...(mode === 'report' ? [drift.rule] : [])];
  for (const name of added) if (!now.has(name)) problems.push(`rule ${name} was lost`);
  for (const name of now.keys()) {
    const isExpected = before.has(name) || added.includes(name) || name === drift.rule;
    if (!isExpected && !name.startsWith('bastion-guardrail-')) problems.push(`rule ${name} appeared from nowhere`);
  }
  return problems;
}

function withoutRules(group: unknown): unknown {
  const kept = lasting(group);
  const properties = at(kept, 'properties');
  return isObject(kept) && isObject(properties)
    ? { ...kept, properties: { ...properties, securityRules: undefined } }
    : kept;
}

function writing(puts: readonly Passage[], writes: number, { mode, mostWrites }: Expected): string[] {
  const sent = puts.filter(({ side }) => side === 'out');
  if (mode === 'report') return sent.map(({ what }) => `written in report mode: ${what}`);
  const problems = sent
    .filter(({ ifMatch }) => ifMatch === undefined)
    .map(({ what }) => `written without If-Match: ${what}`);
  const foreign = sent.filter(({ path }) => keyOf(path) !== keyOf(driftedGroup)).map(({ what }) => `written: ${what}`);
  const several = writes > mostWrites ? [`${writes} writes were carried out, ${mostWrites} expected`] : [];
  return [...problems, ...foreign, ...several, ...overlaps(puts)];
}

/** Two writes that were under way at the same time: two workers that both thought it was their turn. */
function overlaps(puts: readonly Passage[]): string[] {
  const open = new Map<number, Passage>();
  const problems: string[] = [];
  for (const put of puts) {
    if (put.side === 'back') {
      open.delete(put.request);
      continue;
    }
    // One that never comes back belonged to a process that died or to a connection that was cut.
    const others = [...open.keys()].filter((id) => puts.some(({ request, side }) => request === id && side === 'back'));
    if (others.length > 0) problems.push(`two writes at once: ${put.what}`);
    open.set(put.request, put);
  }
  return problems;
}
