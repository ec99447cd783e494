/**
 * To which machines a Bastion host's shareable links lead. Whoever holds a link needs no account in the tenant, so the
 * links themselves are credentials: nothing but the machines' ids leaves this file.
 */
import { isObject, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { SHARED_LINKS } from '../network/read-bastion-host';
import type { ArmClients } from './client';
import { notReadBeside, type Observation } from './observation';
import { readActionList } from './read-resource';

/** Whether the host can have links at all; turning the feature off removes them. */
export function offersLinks(host: unknown): boolean {
  return propertiesOf(host).enableShareableLink === true;
}

/** The host's JSON with the machines under SHARED_LINKS; as it is, with a gap, when they could not be asked for. */
export async function withSharedLinks(clients: ArmClients, host: unknown): Promise<Observation> {
  const id = textOf(objectOf(host).id);
  if (!isObject(host) || id === undefined || !offersLinks(host)) return { resources: [host], gaps: [] };
  const { items, error } = await readActionList(clients, `${id}/getShareableLinks`);
  if (error) {
    const permission = 'Microsoft.Network/bastionHosts/getShareableLinks/action';
    return { resources: [host], gaps: [notReadBeside(id, 'shareable-links-not-read', error, permission)] };
  }
  const machines = items.flatMap((link) => referenceOf(objectOf(link).vm) ?? []);
  return { resources: [{ ...host, [SHARED_LINKS]: machines }], gaps: [] };
}
