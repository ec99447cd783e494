/** Plays the storm on a playground and keeps what the local Azure has seen of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyPath } from '../../playground/estate-file';
import { type Playground, startPlayground } from '../../playground/playground';
import { createStage, type Stage } from '../../playground/stories/stage';
import { spokeGroup, spokesEstate } from '../loop/big-estate';
import { groups, people, stormMs, writesOf } from './drift';

/** Two machines in each spoke. */
const machines = 2 * groups;
/** A storm that takes longer than this to settle has got stuck. */
const longestMs = 300_000;

export interface StormLogs {
  /** What GET /playground/requests answered at rest: only what was asked since the storm broke. */
  readonly requests: unknown;
  /** What GET /playground/state answered before the drift, and at rest. */
  readonly before: unknown;
  readonly after: unknown;
  /** How many alerts each channel has. */
  readonly alerts: { readonly teams: number; readonly mail: number };
  /** When the first event was sent, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

/** Rejects when somebody cannot write or the playground does not come to rest. `log` hears of progress. */
export async function playStorm(log: (line: string) => void): Promise<StormLogs> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-storm-'));
  const playground = await startPlayground(options(folder));
  try {
    const stage = createStage(playground, { print: () => {}, say: () => {}, wantsDetail: false });
    const before = await stage.control('GET', '/state');
    // Held back until all of it is there, so that no group drifts again after it was repaired.
    await stage.faults({ rateLimits: true, events: { hold: true, delayMs: [0, stormMs] } });
    await Promise.all(people().map((person) => drift(stage, person)));
    log(`${groups} groups have drifted; the storm breaks`);
    await stage.control('DELETE', '/requests');
    const startedAt = Date.now();
    await stage.faults({ rateLimits: true });
    await rest(playground);
    const [requests, after] = [await stage.control('GET', '/requests'), await stage.control('GET', '/state')];
    const { teams, mail } = playground.inbox();
    const alerts = { teams: teams.length, mail: mail.length };
    const ids = Array.from({ length: groups }, (_, index) => spokeGroup(index + 1));
    return { requests, before, after, alerts, startedAt, people: people(), groups: ids };
  } finally {
    await playground.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The seed's policy, with a breaker that does not take the storm for a fight with somebody. */
function options(folder: string): NonNullable<Parameters<typeof startPlayground>[0]> {
  const policy = join(folder, 'policy.yaml');
  const breaker = 'breaker: { repairsPerResourcePerHour: 1000000, writesPerTenMinutes: 1000000 }';
  writeFileSync(policy, `${readFileSync(policyPath(undefined, 'hub-and-spoke'), 'utf8')}\n${breaker}\n`);
  const estate = join(folder, 'storm-estate.json');
  writeFileSync(estate, JSON.stringify(spokesEstate(groups, machines)));
  return { estate, policy };
}

async function drift(stage: Stage, person: string): Promise<void> {
  for (const { path, body } of writesOf(person)) await stage.put(person, path, body);
}

async function rest(playground: Playground): Promise<void> {
  const answer = await playground.idle(longestMs);
  if (!answer.idle) throw new Error(`the storm does not come to rest: ${answer.busy.join('; ')}`);
}
