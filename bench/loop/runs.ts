/** Plays drifts on a playground, one at a time, and keeps what each repair took. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyPath } from '../../playground/estate-file';
import { type Playground, startPlayground } from '../../playground/playground';
import { nsgApp } from '../../playground/stories/scene';
import { createStage, type Stage } from '../../playground/stories/stage';
import { bigEstate } from './big-estate';
import { driftKinds } from './drift-kinds';
import { type RepairRecord, readRepair } from './repair-record';

export const availableEstates = ['seed', 'big'] as const;

export interface LoopOptions {
  readonly runs: number;
  readonly estate: (typeof availableEstates)[number];
  readonly armLatency: boolean;
}

export interface LoopResult {
  /** The very first repair of a fresh process, which has everything still to load. */
  readonly first: RepairRecord;
  readonly repairs: readonly RepairRecord[];
}

/** Published latencies of ARM in round numbers, in milliseconds. */
export const armLatency = { read: 80, write: 1200 } as const;

const person = 'Dana Ops';
const restorer = 'the bench';
/** One of each kind, so that nothing that is measured runs for the first time. */
const warmUps = driftKinds.length;

/** Measures `options.runs` repairs after a warm-up. Rejects when a drift is not repaired. `log` hears of progress. */
export async function measureLoop(options: LoopOptions, log: (line: string) => void): Promise<LoopResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-loop-'));
  const playground = await startPlayground(estateOptions(options, folder));
  try {
    const stage = createStage(playground, { print: () => {}, say: () => {}, wantsDetail: false });
    const clean = await stage.get(nsgApp);
    const repairs: RepairRecord[] = [];
    for (let run = 0; run < warmUps + options.runs; run++) {
      repairs.push(await measureRun(playground, stage, clean, run, options));
      if (run % 50 === 49) log(`${run + 1} of ${warmUps + options.runs} runs`);
    }
    const [first] = repairs;
    if (first === undefined) throw new Error('there was no run');
    return { first, repairs: repairs.slice(warmUps) };
  } finally {
    await playground.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The seed's policy, with a breaker that does not take the bench for a fight with somebody. */
function estateOptions({ estate }: LoopOptions, folder: string): NonNullable<Parameters<typeof startPlayground>[0]> {
  const policy = join(folder, 'policy.yaml');
  const breaker = 'breaker: { repairsPerResourcePerHour: 1000000, writesPerTenMinutes: 1000000 }';
  writeFileSync(policy, `${readFileSync(policyPath(undefined, 'hub-and-spoke'), 'utf8')}\n${breaker}\n`);
  if (estate === 'seed') return { policy };
  const path = join(folder, 'big-estate.json');
  writeFileSync(path, JSON.stringify(bigEstate()));
  return { estate: path, policy };
}

async function measureRun(
  playground: Playground,
  stage: Stage,
  clean: unknown,
  run: number,
  options: LoopOptions,
): Promise<RepairRecord> {
  const kind = driftKinds[run % driftKinds.length];
  const drift = kind?.(run, clean);
  if (drift === undefined) throw new Error('there are no drifts');
  await control(playground, 'DELETE', 'requests');
  await control(playground, 'DELETE', 'inbox');
  if (options.armLatency) await control(playground, 'POST', 'faults', { latencyMs: armLatency });
  await stage.put(person, drift.path, drift.body);
  await rest(playground, run);
  const [requests, state] = [await control(playground, 'GET', 'requests'), await control(playground, 'GET', 'state')];
  const logs = { requests, state, inbox: playground.inbox(), people: [person, restorer], actor: person, group: nsgApp };
  await control(playground, 'POST', 'faults', {});
  try {
    return readRepair(logs);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`run ${run + 1} (${drift.path}): ${message}`, { cause: error });
  } finally {
    await stage.put(restorer, nsgApp, clean);
    await rest(playground, run);
  }
}

async function rest(playground: Playground, run: number): Promise<void> {
  const answer = await playground.idle(60_000);
  if (!answer.idle) throw new Error(`run ${run + 1} does not come to rest: ${answer.busy.join('; ')}`);
}

async function control({ endpoints }: Playground, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${endpoints.control}/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} /playground/${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
