// Lists, page by page.
import { ArmError } from './arm-error';
import type { Answer, Call } from './call';
import type { World } from './world';

/** One page of a list; the token in `nextLink` is the position of the next one. Only what is shown is rendered. */
export function page<T>(world: World, call: Call, entries: readonly T[], show: (entry: T) => unknown): Answer {
  const size = world.faults.active().pageSize;
  const given = call.url.searchParams.get('$skiptoken') ?? '0';
  if (!/^\d+$/.test(given)) throw new ArmError(400, 'InvalidSkipToken', `The skip token '${given}' is invalid.`);
  const next = Number(given) + size;
  const value = entries.slice(Number(given), next).map((entry) => show(entry));
  if (next >= entries.length) return { status: 200, body: { value } };
  const link = new URL(`${call.origin}${call.url.pathname}${call.url.search}`);
  link.searchParams.set('$skiptoken', String(next));
  return { status: 200, body: { value, nextLink: link.href } };
}
