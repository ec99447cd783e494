/** Watches Bastion's ways while a story is played: asked of the local Azure's state after every write that ARM takes. */
import { isObject, listAt, textAt } from '../json';
import type { ObservedWrite } from '../wiretap';
import { bastionWays } from './bastion-path';

export interface BastionWatch {
  /** To be called after every write, before its answer is passed on. */
  readonly afterWrite: (write: ObservedWrite, resources: readonly unknown[]) => void;
  /** How often it was asked. */
  readonly asked: () => number;
  /** What is wrong, each in words: a way that a write of the guardrail's took, or one that is not back at the end. */
  readonly wrongs: () => readonly string[];
}

/**
 * A watch that knows the ways of `start`. A person may take a way, which is then what the story is about; the guardrail
 * never may, and when all is over each is there again whose machine still is.
 */
export function watchBastion(start: readonly unknown[]): BastionWatch {
  const first = bastionWays(start);
  const taken: string[] = [];
  let last = first;
  let machines = machinesIn(start);
  let count = 0;
  return {
    afterWrite({ byApp, method, path, status }, resources) {
      const ways = bastionWays(resources);
      count += 1;
      if (byApp) {
        for (const way of last) {
          if (!ways.has(way)) taken.push(`${method} ${path} (${status}) took ${nameOf(way)}`);
        }
      }
      last = ways;
      machines = machinesIn(resources);
    },
    asked: () => count,
    wrongs: () => {
      const gone = [...first].filter((way) => !last.has(way) && machines.has(way.split(' ')[0] ?? ''));
      return [...taken, ...gone.map((way) => `${nameOf(way)} is not back`)];
    },
  };
}

function machinesIn(resources: readonly unknown[]): Set<string> {
  return new Set(
    resources
      .filter(isObject)
      .filter((each) => listAt(each, 'properties', 'ipConfigurations').length > 0)
      .map((each) => textAt(each, 'id').toLowerCase()),
  );
}

/** `INTERFACE PORT` by the interface's name. */
function nameOf(way: string): string {
  return way.slice(way.lastIndexOf('/') + 1).replace(' ', ':');
}
