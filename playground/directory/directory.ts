// A tenant's directory over time: its state now, what a read sees of it, and how it is put back.
import type { Clock } from '../azure/clock';
import type { GraphLimits } from './limits';
import { createGraphLimits } from './limits';
import { loadDirectory } from './load';
import type { DirectoryState } from './state';

/** How the directory answers, apart from what it holds. */
export interface DirectoryConditions {
  /** `real`: Graph's published limits for Conditional Access and the audit log, refused without Retry-After. */
  readonly limits: 'real' | 'off';
  /** What the reads after a write see, in turn: so many old ones, or this pattern; after it everything is new. */
  readonly staleReads: number | readonly ('old' | 'new')[];
}

export const USUAL_CONDITIONS = { limits: 'off', staleReads: 0 } as const satisfies DirectoryConditions;

export interface Directory {
  readonly state: () => DirectoryState;
  /** The state for one read: that of `staleMs` ago, or an older one while a write has not reached everywhere. */
  readonly seen: (staleMs: number) => DirectoryState;
  /** Takes the place of the state, as a write does. */
  readonly commit: (next: DirectoryState) => void;
  readonly conditions: () => DirectoryConditions;
  readonly setConditions: (conditions: DirectoryConditions) => void;
  readonly limits: GraphLimits;
  /** The tenant as JSON that `restore` and `loadDirectory` read. */
  readonly snapshot: () => DirectoryState;
  /** Another tenant, or the same as it was; forgets limits, conditions and old states. Throws DirectoryError, and changes nothing. */
  readonly restore: (json: unknown) => void;
}

/** How far back a read may look. */
const KEPT_VERSIONS = 200;

/** The directory of a tenant read from JSON. Throws DirectoryError. */
export function createDirectory(json: unknown, clock: Clock): Directory {
  let state = loadDirectory(json);
  let conditions: DirectoryConditions = USUAL_CONDITIONS;
  let versions: { readonly until: number; readonly state: DirectoryState }[] = [];
  let old: DirectoryState = state;
  let pending: ('old' | 'new')[] = [];
  const limits = createGraphLimits(clock);

  return {
    state: () => state,
    seen(staleMs) {
      if (pending.shift() === 'old') return old;
      const since = clock.now().getTime() - staleMs;
      return (staleMs > 0 && versions.find(({ until }) => until > since)?.state) || state;
    },
    commit(next) {
      versions = [...versions, { until: clock.now().getTime(), state }].slice(-KEPT_VERSIONS);
      // While one write is still on its way, the next one leaves what is seen where it was.
      if (!pending.includes('old')) old = state;
      const { staleReads } = conditions;
      pending = typeof staleReads === 'number' ? Array.from({ length: staleReads }, () => 'old') : [...staleReads];
      state = next;
    },
    conditions: () => conditions,
    setConditions(next) {
      conditions = next;
      pending = [];
      limits.reset();
    },
    limits,
    snapshot: () => state,
    restore(other) {
      state = loadDirectory(other);
      conditions = USUAL_CONDITIONS;
      versions = [];
      pending = [];
      limits.reset();
    },
  };
}
