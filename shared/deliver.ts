/** Getting alerts to every channel: at least once, each channel on its own, and on record when it worked. */
import type { Incident } from './incident';
import type { Channel, Ports } from './ports';
import { RetryableError } from './retryable-error';

/**
 * Tells every channel what it has not been told of these incidents, oldest first. A channel that fails is not tried
 * again this time and holds up no other. Throws `RetryableError`, naming the channels that failed.
 */
export async function deliverAll(ports: Ports, incidents: readonly Incident[]): Promise<void> {
  const problems: string[] = [];
  let up = ports.channels;
  for (const incident of incidents) {
    const failures = await tell(ports, up, incident);
    problems.push(...failures.values());
    up = up.filter((channel) => !failures.has(channel));
  }
  if (problems.length > 0) throw new RetryableError(problems.join('; '));
}

/** The same for one incident. */
export async function deliver(ports: Ports, incident: Incident): Promise<void> {
  await deliverAll(ports, [incident]);
}

/** The last call that tells of an incident. */
const telling = new WeakMap<Ports, Map<string, Promise<unknown>>>();

/**
 * Why which channel did not take it. One after the other: messages that come due together find the same alert unsent,
 * and whoever comes second asks who has it only when the first has noted that.
 */
async function tell(
  ports: Ports,
  channels: readonly Channel[],
  incident: Incident,
): Promise<ReadonlyMap<Channel, string>> {
  const turns = telling.get(ports) ?? new Map<string, Promise<unknown>>();
  telling.set(ports, turns);
  const before = turns.get(incident.id) ?? Promise.resolve();
  const turn = before.then(() => tellNow(ports, channels, incident));
  const ended = settle(turn);
  turns.set(incident.id, ended);
  try {
    return await turn;
  } finally {
    if (turns.get(incident.id) === ended) turns.delete(incident.id);
  }
}

async function tellNow(
  ports: Ports,
  channels: readonly Channel[],
  incident: Incident,
): Promise<ReadonlyMap<Channel, string>> {
  const done = channels.length === 0 ? [] : await ports.journal.sentTo(incident);
  const due = channels.filter((channel) => !done.includes(channel.name));
  const failures = await Promise.all(
    due.map(async (channel) => [channel, await deliverTo(ports, channel, incident)] as const),
  );
  return new Map(failures.flatMap(([channel, problem]) => (problem === undefined ? [] : [[channel, problem]])));
}

async function deliverTo(ports: Ports, channel: Channel, incident: Incident): Promise<string | undefined> {
  const problem = await settle(channel.deliver(incident));
  if (problem !== undefined) return `the alert for ${incident.id} was not delivered to ${channel.name}: ${problem}`;
  const unnoted = await settle(ports.journal.markSent(incident, channel.name));
  return unnoted && `the alert for ${incident.id} reached ${channel.name}, which could not be noted: ${unnoted}`;
}

/** The message of what went wrong, so that one trouble does not keep the other steps from being taken. */
export async function settle(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
