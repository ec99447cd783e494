/** Getting alerts to every channel: at least once, each channel on its own, and on record when it worked. */
import type { Incident } from './incident';
import type { Channel, Ports } from './ports';
import { RetryableError } from './retryable-error';

/** Tells every channel what it has not been told of these incidents. Throws `RetryableError`, naming the channels that failed. */
export async function deliverAll(ports: Ports, incidents: readonly Incident[]): Promise<void> {
  for (const incident of incidents) await deliver(ports, incident);
}

/** The same for one incident. */
export async function deliver(ports: Ports, incident: Incident): Promise<void> {
  const done = new Set(await ports.journal.sentTo(incident));
  const due = ports.channels.filter((channel) => !done.has(channel.name));
  const failures = await Promise.all(due.map((channel) => deliverTo(ports, channel, incident)));
  const problems = failures.filter((failure) => failure !== undefined);
  if (problems.length > 0) throw new RetryableError(problems.join('; '));
}

async function deliverTo(ports: Ports, channel: Channel, incident: Incident): Promise<string | undefined> {
  const problem = await settle(channel.deliver(incident));
  if (problem !== undefined) return `the alert for ${incident.id} was not delivered to ${channel.name}: ${problem}`;
  await ports.journal.markSent(incident, channel.name);
  return undefined;
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
