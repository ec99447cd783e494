// Known deviations of the local Azure: each must be met by some problem, and every problem must be one of them.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Problem } from './problem';

/** More than these would say that the local Azure is not one. */
export const MOST_DEVIATIONS = 10;

const deviation = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** As the specification names it; `*` stands for anything within one segment, here and below. */
  operation: z.string().min(1),
  where: z.string().min(1),
  what: z.string().min(1),
  /** Why it is so, and why it stays. */
  reason: z.string().min(20),
});

export type Deviation = z.infer<typeof deviation>;

/** Reads the list; throws when it is misshapen, too long, or names one id twice. */
export function readDeviations(file: string): readonly Deviation[] {
  const list = z
    .array(deviation)
    .max(MOST_DEVIATIONS)
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const ids = list.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${file} names the deviation ${twice} twice`);
  return list;
}

function fits(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]*')}$`, 'i').test(text);
}

/** True when the deviation speaks of this problem. */
export function covers({ operation, where, what }: Deviation, problem: Problem): boolean {
  return (
    fits(problem.operation, operation) && fits(`${problem.half}.${problem.where}`, where) && fits(problem.what, what)
  );
}

export interface Settled {
  readonly listed: readonly Problem[];
  readonly unlisted: readonly Problem[];
  /** Deviations that no problem met: outdated, and to be struck from the list. */
  readonly unmet: readonly Deviation[];
}

/** Tells the problems that are known from those that are not. */
export function settle(problems: readonly Problem[], deviations: readonly Deviation[]): Settled {
  const isListed = (problem: Problem): boolean => deviations.some((each) => covers(each, problem));
  return {
    listed: problems.filter(isListed),
    unlisted: problems.filter((problem) => !isListed(problem)),
    unmet: deviations.filter((each) => !problems.some((problem) => covers(each, problem))),
  };
}
