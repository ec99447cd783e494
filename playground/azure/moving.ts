// New ids for resources that move, in themselves, in what lies below them and in all that refers to them.
import type { Estate } from './estate';
import type { JsonObject } from './json';
import { isObject } from './json';
import { isWithin } from './resource-id';

export interface Move {
  readonly from: string;
  readonly to: string;
}

/** `text` with the start that moves exchanged; anything else as it is. */
function movedText(text: string, moves: readonly Move[]): string {
  const move = moves.find(({ from }) => isWithin(text, from));
  return move ? `${move.to}${text.slice(move.from.length)}` : text;
}

function movedValue(value: unknown, moves: readonly Move[]): unknown {
  if (typeof value === 'string') return value.startsWith('/') ? movedText(value, moves) : value;
  if (Array.isArray(value)) return value.map((entry: unknown) => movedValue(entry, moves));
  return isObject(value) ? movedObject(value, moves) : value;
}

function movedObject(source: JsonObject, moves: readonly Move[]): JsonObject {
  return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, movedValue(value, moves)]));
}

/** Moves resources to their new ids; whatever changes, by its id or by a reference, gets a new etag. */
export function moveTo(estate: Estate, moves: readonly Move[], newEtag: () => string): void {
  for (const stored of estate.all()) {
    const id = movedText(stored.id, moves);
    const body = movedObject(stored.body, moves);
    if (id === stored.id && JSON.stringify(body) === JSON.stringify(stored.body)) continue;
    const [, , subscription = '', , resourceGroup = ''] = id.split('/');
    if (id !== stored.id) estate.remove(stored.id);
    estate.put({ ...stored, id, subscription, resourceGroup, body, etag: newEtag() });
  }
}
