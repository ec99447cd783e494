// Following a reference in a body to the resource it names.
import { invalidReference } from '../arm-error';
import type { EstateView, Stored } from '../estate';
import type { JsonObject } from '../json';
import { listAt, sameText, textAt } from '../json';
import { parseResourceId } from '../resource-id';

/** The top-level resource that `target` names; refuses as ARM does when there is none of that type. */
export function requireResource(estate: EstateView, from: string, target: string, type: string): Stored {
  const found = estate.find(target);
  if (!found || !sameText(parseResourceId(target)?.type, type)) throw invalidReference(from, target);
  return found;
}

/** The subnet that `target` names, with its network; refuses as ARM does when there is none. */
export function requireSubnet(
  estate: EstateView,
  from: string,
  target: string,
): { network: Stored; subnet: JsonObject } {
  const network = requireResource(estate, from, target, 'Microsoft.Network/virtualNetworks');
  const name = parseResourceId(target)?.child?.name;
  const subnet = listAt(network.body, 'properties', 'subnets').find((entry) => sameText(textAt(entry, 'name'), name));
  if (!subnet) throw invalidReference(from, target);
  return { network, subnet };
}

/** A child inside the body of the top-level resource that `target` names; refuses as ARM does when there is none. */
export function requireChild(estate: EstateView, from: string, target: string, type: string, collection: string): void {
  const { body } = requireResource(estate, from, target, type);
  const child = parseResourceId(target)?.child;
  const isThere = listAt(body, 'properties', collection).some((entry) => sameText(textAt(entry, 'name'), child?.name));
  if (!isThere || !sameText(child?.collection, collection)) throw invalidReference(from, target);
}
