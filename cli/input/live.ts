/** `--subscription`: the live network of subscriptions, read and never written, as if it had been exported. */
import { isObject, textOf } from '../../shared/network/json';
import { type Gap, keyOf, type ResourceKey } from '../../shared/network/network';
import type { Tenant } from '../../shared/ports';
import type { Found } from './shapes';

export interface Live {
  readonly resources: readonly Found[];
  /** Lists that could not be read, and why. */
  readonly gaps: readonly Gap[];
}

export const NOTHING_LIVE: Live = { resources: [], gaps: [] };

const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** What is wrong with ids given to `--subscription`, one line each. */
export function subscriptionProblems(ids: readonly string[]): string[] {
  return ids
    .filter((id) => !GUID.test(id))
    .map((id) => `--subscription: '${id}' is not a subscription id (a GUID); paths go before it`);
}

/**
 * Reads the subscriptions one after the other, with the pinned Bastion hosts wherever they live. Throws AzureError if
 * nothing of a subscription could be read.
 */
export async function observeLive(
  tenant: Tenant,
  ids: readonly string[],
  pinned: readonly ResourceKey[],
): Promise<Live> {
  const resources = new Map<ResourceKey, Found>();
  const gaps: Gap[] = [];
  for (const subscriptionId of new Set(ids.map(keyOf))) {
    const snapshot = await tenant.observe({ kind: 'network', subscriptionId }, pinned);
    const file = `subscription ${subscriptionId}`;
    for (const json of snapshot.resources) {
      // A pinned host is read with every subscription; the first look at it is as good as the next.
      const key = isObject(json) ? keyOf(textOf(json.id) ?? '') : '';
      if (isObject(json) && !resources.has(key)) resources.set(key, { json, place: `${file} ${key}`, file });
    }
    gaps.push(...snapshot.gaps.filter((gap) => gap.what === 'not-read'));
  }
  return { resources: [...resources.values()], gaps };
}
