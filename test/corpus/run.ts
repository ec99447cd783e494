// The corpus against the product: verdicts, gaps, packets at every edge and proven slices. Prints a table; exit code 1 on any disagreement.
// run: npm run corpus [-- FOLDER]
import { compareSliceBehind } from '../oracle/agreement';
import type { Slice } from '../oracle/z3';
import { startProver } from '../oracle/z3';
import type { CorpusGroup } from './estate';
import { findCorpus, readGroups, readTopologies, resourceOf } from './estate';
import { examineGroup } from './groups';
import { tally } from './tally';
import { examineTopology } from './topologies';

const adminPorts = [22, 3389];
const families = [4, 6] as const;

/** Both admin ports of every sound group, over all sources of both families. */
async function proveGroups(groups: readonly CorpusGroup[]): Promise<{ proven: number; wrong: number }> {
  const prover = await startProver();
  let proven = 0;
  let wrong = 0;
  try {
    for (const group of groups.filter(({ issues }) => issues.length === 0)) {
      const resource = resourceOf(group);
      for (const destinationPort of adminPorts) {
        for (const family of families) {
          const slice: Slice = { endpoint: resource.id, protocol: 'tcp', destinationPort, family };
          const example = await compareSliceBehind(prover, resource, slice);
          proven += 1;
          if (!example) continue;
          wrong += 1;
          console.error(`${group.id}: ${JSON.stringify(example)}`);
        }
      }
    }
  } finally {
    await prover.stop();
  }
  return { proven, wrong };
}

async function main(): Promise<void> {
  const corpus = findCorpus(process.argv[2]);
  if (corpus === undefined) throw new Error('no corpus here: give the folder that holds nsgs.jsonl and topologies');
  const groups = readGroups(corpus);
  const reports = groups.map((group) => examineGroup(group, 'every edge'));
  const topologies = readTopologies(corpus).map((topology) => examineTopology(topology, 1000));
  const counts = tally(groups, reports, topologies);
  for (const [what, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)}  ${what}`);
  for (const { disagreements, ...where } of [...reports, ...topologies]) {
    for (const one of disagreements.slice(0, 3)) console.error(`${JSON.stringify(where)}: ${JSON.stringify(one)}`);
  }
  const { proven, wrong } = await proveGroups(groups);
  console.log(`${String(proven).padStart(8)}  slices proven, ${wrong} wrong`);
  const misfits = counts['groups whose gaps are not their issues'] + counts['groups without a verdict'];
  process.exitCode = wrong + misfits + counts['packets on which the evaluator disagrees'] === 0 ? 0 : 1;
}

void main();
