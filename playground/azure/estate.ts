// What stands in the local Azure: resources (most children live inside their parent) and resource groups.
import type { JsonObject } from './json';
import { sameText } from './json';
import { topLevelKey } from './resource-id';

/** One resource that is kept by itself. The body is never changed in place; `etag` also stands for the children in it. */
export interface Stored {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly etag: string;
  readonly body: JsonObject;
}

export interface ResourceGroup {
  readonly subscription: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: unknown;
}

/** The estate as somebody sees it: now, or as it was a moment ago. */
export interface EstateView {
  /** The top-level resource that `id` is or lies below. */
  readonly find: (id: string) => Stored | undefined;
  /** The resource with exactly this id, at whatever depth it is kept. */
  readonly exactly: (id: string) => Stored | undefined;
  readonly all: (type?: string) => readonly Stored[];
  /** A number that changes with every write. */
  readonly revision: () => number;
}

export interface Estate extends EstateView {
  readonly put: (stored: Stored) => void;
  readonly remove: (id: string) => void;
  readonly groups: (subscription: string) => readonly ResourceGroup[];
  readonly group: (subscription: string, name: string) => ResourceGroup | undefined;
  readonly putGroup: (group: ResourceGroup) => void;
  /** The estate as it was `ms` milliseconds ago; needs `remember` to have been set before. */
  readonly asOf: (ms: number) => EstateView;
  /** Keeps earlier states for `ms` milliseconds (0: keeps none). */
  readonly remember: (ms: number) => void;
}

type Resources = ReadonlyMap<string, Stored>;

function viewOf(resources: Resources, revision: () => number): EstateView {
  return {
    revision,
    find: (id) => resources.get(topLevelKey(id)),
    exactly: (id) => resources.get(id.toLowerCase()),
    all: (type) => [...resources.values()].filter((stored) => type === undefined || sameText(stored.type, type)),
  };
}

function groupKey(subscription: string, name: string): string {
  return `${subscription}/${name}`.toLowerCase();
}

/** An empty estate. */
export function createEstate(): Estate {
  const resources = new Map<string, Stored>();
  const groups = new Map<string, ResourceGroup>();
  const past: { readonly until: number; readonly resources: Resources }[] = [];
  let keepMs = 0;
  let revision = 0;
  const current = viewOf(resources, () => revision);

  function beforeChange(): void {
    revision += 1;
    if (keepMs === 0) return;
    const now = performance.now();
    while (past[0] && past[0].until < now - keepMs) past.shift();
    past.push({ until: now, resources: new Map(resources) });
  }

  return {
    ...current,
    put(stored) {
      beforeChange();
      resources.set(stored.id.toLowerCase(), stored);
    },
    remove(id) {
      beforeChange();
      resources.delete(id.toLowerCase());
    },
    groups: (subscription) => [...groups.values()].filter((group) => sameText(group.subscription, subscription)),
    group: (subscription, name) => groups.get(groupKey(subscription, name)),
    putGroup(group) {
      groups.set(groupKey(group.subscription, group.name), group);
    },
    asOf(ms) {
      const moment = performance.now() - ms;
      const then = past.find((earlier) => earlier.until > moment);
      return then ? viewOf(then.resources, () => 0) : current;
    },
    remember(ms) {
      keepMs = ms;
      past.length = 0;
    },
  };
}
