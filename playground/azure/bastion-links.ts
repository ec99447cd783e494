// Shareable links of Bastion hosts: kept beside the host, out of reach of every GET, gone when the feature is off.
import type { Estate, EstateView, Stored } from './estate';
import type { JsonObject } from './json';
import { at, objectAt, textAt } from './json';
import { isWithin, sameId } from './resource-id';

/** Not a resource type of Azure: nothing answers to it but the actions of the host, and the playground's state. */
const TYPE = 'Microsoft.Network/bastionHosts/shareableLinks';

/** True when the host offers shareable links. */
export function sharesLinks(host: Stored): boolean {
  return at(host.body, 'properties', 'enableShareableLink') === true;
}

/** The links of a host, oldest first. */
export function linksOf(estate: EstateView, hostId: string): readonly Stored[] {
  return estate.all(TYPE).filter(({ id }) => isWithin(id, hostId));
}

/** The link of a host to a machine, if there is one. */
export function linkTo(estate: EstateView, hostId: string, machineId: string): Stored | undefined {
  return linksOf(estate, hostId).find(({ body }) => sameId(textAt(body, 'properties', 'vm', 'id'), machineId));
}

/** A link as the actions answer it. */
export function linkView(link: Stored): JsonObject {
  return objectAt(link.body, 'properties');
}

/** Keeps a link under its token; anybody who holds its address may try to sign in to the machine. */
export function keepLink(
  estate: Estate,
  host: Stored,
  link: { readonly token: string; readonly machineId: string; readonly createdAt: Date },
): Stored {
  const { token, machineId, createdAt } = link;
  const domain = textAt(host.body, 'properties', 'dnsName') ?? 'bastion.azure.com';
  const properties = {
    vm: { id: machineId },
    bsl: `https://${domain}/api/shareable-url/${token}`,
    createdAt: createdAt.toISOString(),
  };
  const stored: Stored = {
    ...host,
    id: `${host.id}/shareableLinks/${token}`,
    type: TYPE,
    name: token,
    body: { properties },
  };
  estate.put(stored);
  return stored;
}

/** Takes the links away from a host that no longer offers them. */
export function settleLinks(estate: Estate, host: Stored): void {
  if (sharesLinks(host)) return;
  for (const { id } of linksOf(estate, host.id)) estate.remove(id);
}
