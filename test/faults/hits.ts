/** Decides at the borders which request is hit; what decides is the seed and what is asked, not who came first. */
import { createHash } from 'node:crypto';
import { CUT, type Crossing, type Order, PASS } from './crossing';
import type { BorderFaults, HitKind, Schedule } from './schedule';

export interface Hits {
  readonly judge: (crossing: Crossing) => Order;
  /** What has been hit so far. */
  readonly struck: () => readonly string[];
}

type Border = 'storage' | 'identity' | 'teams' | 'smtp';

const HTTP_STATUSES = [500, 503, 429];
const SMTP_REPLIES = [421, 451];

/** The hits of a schedule, none of them used yet. */
export function hitsOf(schedule: Schedule): Hits {
  const times = new Map<string, number>();
  const left = new Map<Border, number>();
  const struck: string[] = [];
  /** What the answer of a request that passed on its way out will meet. */
  const coming = new Map<string, { readonly border: Border; readonly kind: HitKind; readonly number: number }>();

  function outward(crossing: Crossing, border: Border, faults: BorderFaults): Order {
    const time = (times.get(crossing.what) ?? 0) + 1;
    times.set(crossing.what, time);
    const [whether, which, how] = numbersFrom(`${schedule.seed} ${crossing.what} ${time}`);
    const kind = faults.kinds[Math.floor(which * faults.kinds.length)];
    if (kind === undefined || whether >= faults.rate || (left.get(border) ?? faults.limit) <= 0) return PASS;
    left.set(border, (left.get(border) ?? faults.limit) - 1);
    struck.push(`${kind} ${crossing.what}`);
    if (kind === 'cutOut') return CUT;
    if (kind === 'status') return refusal(border, how);
    coming.set(keyOf(crossing), { border, kind, number: how });
    return PASS;
  }

  return {
    struck: () => [...struck],
    judge(crossing) {
      const border = borderOf(crossing);
      const faults = border && schedule[border];
      if (!border || !faults) return PASS;
      if (crossing.side === 'out') return outward(crossing, border, faults);
      const due = coming.get(keyOf(crossing));
      coming.delete(keyOf(crossing));
      if (!due) return PASS;
      return due.kind === 'cutBack' ? CUT : refusal(due.border, due.number);
    },
  };
}

/** One connection to the mail server asks one thing at a time; its requests have no number. */
function keyOf({ request, what }: Crossing): string {
  return `${request} ${what}`;
}

function borderOf({ world }: Crossing): Border | undefined {
  if (world === 'arm') return undefined;
  return world === 'blob' || world === 'queue' || world === 'table' ? 'storage' : world;
}

function refusal(border: Border, number: number): Order {
  const statuses = border === 'smtp' ? SMTP_REPLIES : HTTP_STATUSES;
  const status = statuses[Math.floor(number * statuses.length)] ?? 500;
  return { kind: 'answer', status };
}

function numbersFrom(text: string): readonly [number, number, number] {
  const digest = createHash('sha256').update(text).digest();
  const at = (offset: number): number => digest.readUInt32BE(offset) / 4_294_967_296;
  return [at(0), at(4), at(8)];
}
