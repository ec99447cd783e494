/** Puts the figures of the loop bench into the lines that the README quotes. */
import { availableEstates, type LoopOptions, type LoopResult, armLatency } from './runs';
import { machineLine } from '../measure/machine';
import { mean, quantile, tableLines } from '../measure/quantile';
import type { Calls, RepairRecord } from './repair-record';

type Step = Exclude<keyof RepairRecord, 'callsUntilVerified' | 'callsAfter'>;

const steps: readonly (readonly [string, Step])[] = [
  ['event posted → repaired and verified', 'total'],
  ['  event posted → first read', 'started'],
  ['  observe: one wave of lists', 'observed'],
  ['  plan: evaluate, prove, record the intent', 'planned'],
  ['  apply: one write under its etag', 'applied'],
  ['  verify: read again', 'verified'],
  ['then: incident recorded, everybody told', 'told'],
];

const budgets: Readonly<Record<(typeof availableEstates)[number], number>> = { seed: 60, big: 250 };
const estates: Readonly<Record<(typeof availableEstates)[number], string>> = {
  seed: 'the seed hub and spoke',
  big: '200 virtual networks and 2,000 interfaces',
};
/** One read wave, one write, one read: nothing that repairs and looks again can take less. */
const criticalPath = armLatency.read + armLatency.write + armLatency.read;
const latencyBudget = 1.25;

/** The lines to print. */
export function loopReport(options: LoopOptions, { first, repairs }: LoopResult): string[] {
  const latency = options.armLatency ? `reads ${armLatency.read} ms, writes ${armLatency.write} ms` : 'no ARM latency';
  const row = (label: string, step: Step): string[] => {
    const values = repairs.map((repair) => repair[step]);
    return [label, ...[quantile(values, 0.5), quantile(values, 0.99), Math.max(...values)].map(milliseconds)];
  };
  return [
    `${repairs.length} repairs on ${estates[options.estate]}, ${latency}`,
    machineLine(),
    '',
    ...tableLines([['', 'p50', 'p99', 'max'], ...steps.map(([label, step]) => row(label, step))]),
    '',
    `The first repair of a fresh process took ${milliseconds(first.total)}.`,
    budgetLine(
      options,
      quantile(
        repairs.map(({ total }) => total),
        0.5,
      ),
    ),
    '',
    ...tableLines([
      ['ARM calls per repair', 'lists', 'reads', 'polls', 'writes'],
      callRow(
        'until verified',
        repairs.map((repair) => repair.callsUntilVerified),
      ),
      callRow(
        "the look after the event of the guardrail's own write",
        repairs.map((repair) => repair.callsAfter),
      ),
    ]),
  ];
}

function budgetLine({ estate, armLatency: isSlow }: LoopOptions, p50: number): string {
  if (!isSlow) return `Budget: p50 ≤ ${budgets[estate]} ms: ${verdict(p50 <= budgets[estate])}.`;
  const ratio = p50 / criticalPath;
  const path = `one read wave + one write + one read = ${criticalPath} ms`;
  return `Critical path (${path}): ${ratio.toFixed(2)} × at p50. Budget: ≤ ${latencyBudget} ×: ${verdict(ratio <= latencyBudget)}.`;
}

function verdict(isMet: boolean): string {
  return isMet ? 'met' : 'NOT met';
}

function callRow(label: string, calls: readonly Calls[]): string[] {
  const kinds = ['lists', 'reads', 'polls', 'writes'] as const;
  return [label, ...kinds.map((kind) => mean(calls.map((each) => each[kind])).toFixed(1))];
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
