/** The directory's audit log: who changed Conditional Access, strengths, contexts or role settings since the last time. */
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../../network/json';
import type { AuditEntry } from '../../watch-audit';
import { type Graph, graphAt, type GraphOptions } from './graph';
import { readPages } from './graph-pages';
import { graphPaces, type Waiting, waitingWith } from './pace';

export interface DirectoryAuditOptions extends Pick<GraphOptions, 'graphEndpoint' | 'credential'>, Partial<Waiting> {
  readonly now: () => Date;
  /** Client id of the identity that writes: what it does leads to no look. */
  readonly ownClientId?: string;
}

export interface DirectoryAudit {
  /**
   * Entries that came up since `mark` (the time of the last entry that led to a look), oldest first. Without a mark those
   * of the last hour. Throws AzureError when the log cannot be read.
   */
  since(mark: string | undefined, now?: Date): Promise<readonly AuditEntry[]>;
}

const FIRST_LOOK_BACK_MS = 60 * 60_000;
/** Entries come up late and not in their order: this much before the mark is asked for again. */
const OVERLAP_MS = 5 * 60_000;
const PAGE = 200;
const LONGEST_TEXT = 256;

/** What counts of each service's entries. Each is asked for by itself: the log takes few kinds of filters. */
const SERVICES: readonly (readonly [service: string, isAbout: (activity: string) => boolean])[] = [
  ['Conditional Access', () => true],
  ['Authentication Methods', (activity) => activity.includes('strength')],
  ['PIM', (activity) => activity.includes('role setting') || activity.includes('policy')],
];

/**
 * Reads the log. It remembers what it gave out and what was there before, so that an entry that comes up late is found and
 * one that led to a look leads to no second one; after a restart, what lies before the mark counts as seen.
 */
export function directoryAudit(options: DirectoryAuditOptions): DirectoryAudit {
  const { ownClientId } = options;
  const waiting = waitingWith(options);
  const graph = graphAt({ ...options, waiting, paces: graphPaces(waiting) });
  const seen = new Map<string, string>();
  let given: readonly AuditEntry[] = [];
  let isFirst = true;

  return {
    async since(mark, now = options.now()) {
      const from = startOf(mark, now);
      // The mark was moved to what was given out last: that has led to a look.
      if (mark !== undefined && given.at(-1)?.time === mark) for (const { id, time } of given) seen.set(id, time);
      const entries = await readSince(graph, from, ownClientId);
      if (isFirst && mark !== undefined) {
        for (const { id, time } of entries) if (Date.parse(time) <= Date.parse(mark)) seen.set(id, time);
      }
      isFirst = false;
      for (const [id, time] of seen) if (Date.parse(time) < from.getTime() - OVERLAP_MS) seen.delete(id);
      given = entries.filter(({ id }) => !seen.has(id));
      return given;
    },
  };
}

function startOf(mark: string | undefined, now: Date): Date {
  const last = Date.parse(mark ?? '');
  return new Date(Number.isNaN(last) ? now.getTime() - FIRST_LOOK_BACK_MS : last - OVERLAP_MS);
}

async function readSince(graph: Graph, from: Date, ownClientId: string | undefined): Promise<readonly AuditEntry[]> {
  const lists = await Promise.all(
    SERVICES.map(async ([service, isAbout]) => {
      const filter = `loggedByService eq '${service}' and activityDateTime ge ${from.toISOString()}`;
      const path = `/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}&$top=${PAGE}`;
      const { items, error } = await readPages(graph, path);
      if (error) throw error;
      return items.filter(isObject).filter((item) => isAbout((textOf(item.activityDisplayName) ?? '').toLowerCase()));
    }),
  );
  const entries = lists.flat().filter((item) => !isBy(item, ownClientId));
  return entries.flatMap((item) => entryIn(item) ?? []).toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

function isBy(item: JsonObject, clientId: string | undefined): boolean {
  const appId = textOf(objectOf(objectOf(item.initiatedBy).app).appId);
  return clientId !== undefined && appId?.toLowerCase() === clientId.toLowerCase();
}

function entryIn(item: JsonObject): AuditEntry | undefined {
  const id = textOf(item.id);
  const time = textOf(item.activityDateTime);
  if (id === undefined || time === undefined || Number.isNaN(Date.parse(time))) return undefined;
  const activity = shown(textOf(item.activityDisplayName) ?? 'a change');
  return { id, activity, target: targetIn(item), actor: actorIn(item), time };
}

function targetIn(item: JsonObject): string {
  const target = objectOf(listOf(item.targetResources)[0]);
  return shown(textOf(target.displayName) ?? textOf(target.id) ?? 'something without a name');
}

function actorIn({ initiatedBy }: JsonObject): string {
  const user = objectOf(objectOf(initiatedBy).user);
  const app = objectOf(objectOf(initiatedBy).app);
  const names = [user.userPrincipalName, user.displayName, user.id, app.displayName, app.appId, app.servicePrincipalId];
  return shown(names.map(textOf).find((name) => name !== undefined) ?? 'somebody');
}

function shown(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}
