/** What a reading of ARM brings: resources, and gaps for what could not be read. Nothing here throws about the world. */
import { type Gap, keyOf } from '../network/network';
import type { ArmClients } from './client';
import { azureErrorFrom, type AzureError } from './error';
import { readList, readResource } from './read-resource';

export interface Observation {
  readonly resources: readonly unknown[];
  /** What could not be read, and why. */
  readonly gaps: readonly Gap[];
}

export interface Reader {
  /** All pages of a list that belongs to a resource; a resource that is gone has nothing. */
  readonly list: (path: string) => Promise<Observation>;
  /** One resource, if it is still there. Each id is read once, however often it is asked for. */
  readonly one: (id: string) => Promise<Observation>;
}

export const NOTHING: Observation = { resources: [], gaps: [] };

/** A reader for one look. */
export function readerOf(clients: ArmClients): Reader {
  const asked = new Set<string>();
  return {
    async list(path) {
      const { items, error } = await readList(clients, path);
      return { resources: items, gaps: error && error.status !== 404 ? [notRead(path, error)] : [] };
    },
    async one(id) {
      if (asked.has(keyOf(id))) return NOTHING;
      asked.add(keyOf(id));
      try {
        const resource = await readResource(clients, id);
        return { resources: resource === undefined ? [] : [resource], gaps: [] };
      } catch (thrown) {
        return { resources: [], gaps: [notRead(id, azureErrorFrom(thrown, 'read', id))] };
      }
    },
  };
}

/** Several observations as one, in this order. */
export function joined(observations: readonly Observation[]): Observation {
  return {
    resources: observations.flatMap((each) => each.resources),
    gaps: observations.flatMap((each) => each.gaps),
  };
}

/** What could not be read, and says nothing about who reaches a port: no repair waits for it. */
export function notReadBeside(resource: string, what: string, error: AzureError, permission: string): Gap {
  const needed = error.status === 403 ? ` The permission that is missing: ${permission}.` : '';
  return { resource, what, why: `${error.message}${needed}`, touchesAdminPort: false };
}

/** A gap for something that exists but could not be read, with the permission that is missing if that is why. */
export function notRead(resource: string, error: AzureError): Gap {
  const needed = error.status === 403 ? ` The permission that is missing: ${permissionFor(resource)}.` : '';
  return { resource, what: 'not-read', why: `${error.message}${needed}`, touchesAdminPort: true };
}

/** What reading it takes: `…/providers/Microsoft.Network/virtualHubs/hub` → `Microsoft.Network/virtualHubs/read`. */
function permissionFor(path: string): string {
  const [, namespace, rest] = /^.*\/providers\/([^/]+)\/(.+)$/i.exec(path) ?? [];
  if (!namespace || !rest) return 'Microsoft.Resources/subscriptions/resourceGroups/read';
  const types = rest.split('/').filter((_, index) => index % 2 === 0);
  return [namespace, ...types, 'read'].join('/');
}
