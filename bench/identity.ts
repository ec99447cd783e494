/** `npm run bench:identity`: how long the sign-in settings of a large tenant take to read and judge, and how many requests. */
// run: npm run bench:identity
import { CONTROL_IDS, evaluateIdentity } from '../shared/controls';
import { readIdentity } from '../shared/identity/read';
import { type AccessPolicy, readPolicy } from '../shared/policy/policy';
import { BASTION_ROLE, eligibleGroups, SIZE } from './identity/big-tenant';
import { type Looked, lookAtBigTenant } from './identity/look';
import { machineLine } from './measure/machine';
import { quantile, tableLines } from './measure/quantile';

const RUNS = 9;
const BUDGET_MS = 1000;
/** While it looks, the guardrail reads what it has so far twice, to know what to ask for next. */
const READINGS_PER_LOOK = 3;

/** As in life, where one assignment in a hundred is too much, and at the worst, where every other one is. */
const TENANTS = [
  { excessEvery: 100, name: '1 in 100' },
  { excessEvery: 2, name: '1 in 2' },
];

interface Spent {
  /** Milliseconds of one reading and one evaluation. */
  readonly read: number;
  readonly evaluate: number;
  readonly findings: number;
}

function policyOfTenant(): AccessPolicy {
  const identity = {
    bastionRole: { id: BASTION_ROLE, principals: eligibleGroups() },
    breakGlass: ['b9b90000-0000-4000-8000-0000000000b9'],
    guardrailIdentities: ['9a4d0000-0000-4000-8000-000000000001', '9a4d0000-0000-4000-8000-000000000002'],
  };
  const read = readPolicy({ version: 1, identity }, CONTROL_IDS);
  if (!read.ok) throw new Error(`the bench's own policy is wrong: ${JSON.stringify(read.problems)}`);
  return read.policy;
}

/** A fresh identity each time: answers about one are remembered as long as it lives. */
function judgeOnce({ entries, takenAt }: Looked, policy: AccessPolicy): Spent {
  const start = performance.now();
  const { identity } = readIdentity(entries, takenAt);
  const read = performance.now();
  const { findings } = evaluateIdentity(identity, policy, takenAt);
  const end = performance.now();
  return { read: read - start, evaluate: end - read, findings: findings.length };
}

async function main(): Promise<void> {
  const policy = policyOfTenant();
  const { assignments, groups, depth, policies, machines } = SIZE;
  console.log(machineLine());
  console.log(
    `${assignments} assignments, ${groups} groups nested ${depth} deep, ${policies} policies, ${machines} machines; ${RUNS} runs`,
  );
  const rows = [
    ['too much', 'entries', 'read ms', 'evaluate ms', 'a look ms', 'best ms', 'findings', 'gaps', 'budget'],
  ];
  let looked: Looked | undefined;
  for (const { excessEvery, name } of TENANTS) {
    const look = await lookAtBigTenant(policy, excessEvery);
    looked ??= look;
    const runs = Array.from({ length: RUNS }, () => judgeOnce(look, policy));
    const totals = runs.map(({ read, evaluate }) => READINGS_PER_LOOK * read + evaluate);
    const middle = quantile(totals, 0.5);
    const times = [
      quantile(
        runs.map((run) => run.read),
        0.5,
      ),
      quantile(
        runs.map((run) => run.evaluate),
        0.5,
      ),
      middle,
      Math.min(...totals),
    ];
    const counts = [runs[0]?.findings ?? 0, look.gaps.length];
    const verdict = middle <= BUDGET_MS ? 'met' : 'missed';
    rows.push([name, String(look.entries.length), ...[...times.map(Math.round), ...counts].map(String), verdict]);
  }
  console.log(tableLines(rows).join('\n'));
  console.log(`a look: ${READINGS_PER_LOOK} readings and one evaluation, p50; budget: ≤ ${BUDGET_MS} ms\n`);
  if (looked) console.log(requestLines(looked).join('\n'));
}

function requestLines({ requests, throttled, ms }: Looked): string[] {
  const rows = [['requests of one look', 'count'], ...requests.map(({ kind, count }) => [kind, String(count)])];
  const verdict = throttled === 0 ? 'met' : 'missed';
  return [
    ...tableLines(rows),
    `${(ms / 1000).toFixed(1)} s against the local Azure, pauses included; throttled: ${throttled}`,
    `budget: inside Graph's limits: ${verdict}`,
  ];
}

main().catch((error: unknown) => {
  process.stderr.write(`The bench failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
