// The long proof of exactness: a million random packets against the evaluator and hundreds of slices against the solver. Exit code 1 on any disagreement.
// run: npm run oracle -- [--packets 1000000] [--slices 400] [--seed 1]
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { comparePackets, comparePacketsBehind, compareSlice, compareSliceBehind } from './agreement';
import {
  arbitraryEstate,
  arbitraryNsg,
  arbitraryPacket,
  arbitraryPacketFor,
  arbitrarySlice,
  arbitrarySliceFor,
  coverage,
  extraCoverage,
} from './generate';
import { startProver } from './z3';

/** Many packets per estate, because an estate takes longer to read than a packet to judge. */
const PACKETS_EACH = 200;
/** One in five estates is a single group that is attached to nothing. */
const ALONE = 5;

interface Tally {
  packets: number;
  admitted: number;
  estates: number;
  readonly seen: Record<string, number>;
}

function comparePacketsOfOne(seed: number, tally: Tally): readonly object[] {
  if (seed % ALONE === 0) {
    const [group] = fc.sample(arbitraryNsg(), { seed, numRuns: 1 });
    if (!group) return [];
    const { compared, disagreements } = comparePacketsBehind(
      group,
      fc.sample(arbitraryPacketFor(group), { seed, numRuns: PACKETS_EACH }),
    );
    tally.packets += compared;
    return disagreements;
  }
  const [resources] = fc.sample(arbitraryEstate('full'), { seed, numRuns: 1 });
  if (!resources) return [];
  const packets = fc.sample(arbitraryPacket(resources), { seed, numRuns: PACKETS_EACH });
  const { admitted, disagreements } = comparePackets(resources, packets);
  tally.packets += packets.length;
  tally.admitted += admitted;
  tally.estates += 1;
  for (const [trap, count] of Object.entries({ ...coverage(resources), ...extraCoverage(resources) })) {
    tally.seen[trap] = (tally.seen[trap] ?? 0) + Number(count > 0);
  }
  return disagreements;
}

/** Prints and counts the disagreements; every one names the seed that shows it again. */
function report(seed: number, disagreements: readonly object[]): number {
  for (const disagreement of disagreements) console.error(`seed ${seed}: ${JSON.stringify(disagreement)}`);
  return disagreements.length;
}

function provePackets(packets: number, firstSeed: number): number {
  const tally: Tally = { packets: 0, admitted: 0, estates: 0, seen: {} };
  let wrong = 0;
  let milestone = packets / 10;
  for (let seed = firstSeed; tally.packets < packets; seed += 1) {
    wrong += report(seed, comparePacketsOfOne(seed, tally));
    if (tally.packets < milestone) continue;
    console.log(`${tally.packets} packets judged, ${wrong} disagreements`);
    milestone += packets / 10;
  }
  console.log(`${tally.packets} packets judged, ${wrong} disagreements; ${tally.admitted} admitted`);
  console.log(`\nof ${tally.estates} estates, this many hold`);
  for (const [trap, count] of Object.entries(tally.seen)) console.log(`${String(count).padStart(6)}  ${trap}`);
  const unmet = Object.entries(tally.seen).filter(([, count]) => count === 0);
  for (const [trap] of unmet) console.error(`never met: ${trap}`);
  return wrong + unmet.length;
}

async function proveSlices(slices: number, firstSeed: number): Promise<number> {
  const prover = await startProver();
  let wrong = 0;
  try {
    for (let at = 1; at <= slices; at += 1) {
      const seed = firstSeed + at;
      const example = at % ALONE === 0 ? await askAlone(seed) : await askEstate(seed);
      if (example) wrong += report(seed, [example]);
      if (at % Math.ceil(slices / 10) === 0) console.log(`${at} slices proven, ${wrong} disagreements`);
    }
  } finally {
    await prover.stop();
  }
  return wrong;

  async function askAlone(seed: number): Promise<object | undefined> {
    const [group] = fc.sample(arbitraryNsg(), { seed, numRuns: 1 });
    const [slice] = group ? fc.sample(arbitrarySliceFor(group), { seed, numRuns: 1 }) : [];
    return group && slice && compareSliceBehind(prover, group, slice);
  }

  async function askEstate(seed: number): Promise<object | undefined> {
    const [resources] = fc.sample(arbitraryEstate('full'), { seed, numRuns: 1 });
    const [slice] = resources ? fc.sample(arbitrarySlice(resources), { seed, numRuns: 1 }) : [];
    return resources && slice && compareSlice(prover, resources, slice);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      packets: { type: 'string', default: '1000000' },
      slices: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  const started = performance.now();
  const wrong = provePackets(Number(values.packets), seed) + (await proveSlices(Number(values.slices), seed));
  console.log(`\n${wrong} disagreements in ${Math.round((performance.now() - started) / 1000)} s`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

void main();
