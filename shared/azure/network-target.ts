/** A resource of Microsoft.Network, or a child that ARM writes by itself, in the parts that the typed client wants. */
import { keyOf } from '../network/network';

export interface NetworkTarget {
  readonly id: string;
  readonly subscriptionId: string;
  readonly group: string;
  /** Below Microsoft.Network, in lower case. */
  readonly type: string;
  /** Outermost first. */
  readonly names: readonly [string, string?];
}

const PATH =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Network\/([^/]+)\/([^/]+)(?:\/([^/]+)\/([^/]+))?$/i;

/** Splits such an id; undefined for any other text. */
export function networkTargetOf(id: string): NetworkTarget | undefined {
  const [, subscriptionId, group, type, name, childType, child] = PATH.exec(id) ?? [];
  if (subscriptionId === undefined || group === undefined || type === undefined || name === undefined) return undefined;
  const own = { id, subscriptionId, group };
  return childType === undefined || child === undefined
    ? { ...own, type: keyOf(type), names: [name] }
    : { ...own, type: keyOf(`${type}/${childType}`), names: [name, child] };
}
