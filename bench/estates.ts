/** `npm run bench:estates`: a whole estate, from ARM JSON to findings, on one core: time, peak memory, growth. */
// run: npm run bench:estates
import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { evaluate } from '../shared/controls';
import { readNetwork } from '../shared/network/read';
import { defaultPolicy } from '../shared/policy/policy';
import { machineLine } from './measure/machine';
import { tableLines } from './measure/quantile';
import { estateOf } from './network/estate';

const measured = z.object({ read: z.number(), evaluate: z.number(), megabytes: z.number(), findings: z.number() });
/** Times in milliseconds. */
type Measured = z.infer<typeof measured>;

/** As in life, where one group in a hundred lets the Internet in, and at the worst, where every one does. */
const ESTATES = [
  { groups: 1000, exposedEvery: 100 },
  { groups: 10_000, exposedEvery: 100 },
  { groups: 10_000, exposedEvery: 1 },
];

/** Runs in a process of its own, so that the peak of memory is this estate's alone. */
function measure(groups: number, exposedEvery: number): Measured {
  const input = { resources: estateOf(groups, exposedEvery) };
  const start = performance.now();
  const { network } = readNetwork(input.resources);
  // A caller that holds on to the raw JSON pays for it; what is measured is the network and its evaluation.
  input.resources = [];
  const read = performance.now();
  const { findings } = evaluate(network, defaultPolicy());
  const end = performance.now();
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return { read: read - start, evaluate: end - read, megabytes, findings: findings.length };
}

function inChild(groups: number, exposedEvery: number): Measured {
  const output = execFileSync(process.execPath, [__filename, String(groups), String(exposedEvery)], {
    encoding: 'utf8',
  });
  return measured.parse(JSON.parse(output));
}

function report(): void {
  console.log(machineLine());
  const rows = [
    ['groups × 25 rules', 'exposed', 'interfaces', 'networks', 'read ms', 'evaluate ms', 'peak MB', 'findings'],
  ];
  const times: number[] = [];
  for (const { groups, exposedEvery } of ESTATES) {
    const { read, evaluate: spent, megabytes, findings } = inChild(groups, exposedEvery);
    times.push(read + spent);
    const cells = [
      groups,
      exposedEvery === 1 ? 'all' : `1 in ${exposedEvery}`,
      groups * 2,
      groups / 5,
      Math.round(read),
      Math.round(spent),
      Math.round(megabytes),
      findings,
    ];
    rows.push(cells.map(String));
  }
  const [small = 0, large = 0] = times;
  console.log(tableLines(rows).join('\n'));
  console.log(`ten times the estate takes ${(large / small).toFixed(1)} × the time`);
  console.log('budget: ≤ 2 s, ≤ 400 MB, ten times the estate ≤ 12 × the time');
}

const [groups = 0, exposedEvery = 1] = process.argv.slice(2).map(Number);
if (groups > 0) process.stdout.write(JSON.stringify(measure(groups, exposedEvery)));
else report();
