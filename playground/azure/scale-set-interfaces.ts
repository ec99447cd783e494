// Interfaces and public IPs of scale set instances, made from the model of their set.
import type { Estate, Stored } from './estate';
import type { JsonObject } from './json';
import { isObject, listAt, objectAt, sameText, textAt } from './json';
import { privateAddress } from './kinds/ip-configuration';
import { interfaceModels } from './kinds/scale-set';
import { isWithin } from './resource-id';

const INTERFACE = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces';
const ADDRESS = `${INTERFACE}/ipConfigurations/publicIPAddresses`;

/** Where things are made: the estate, the set whose group they share, and new etags. */
export interface Workshop {
  readonly estate: Estate;
  readonly set: Stored;
  readonly newEtag: () => string;
}

/** Removes a resource and all that lies below it. */
export function removeWithin(estate: Estate, scope: string): void {
  for (const { id } of estate.all()) if (isWithin(id, scope)) estate.remove(id);
}

function put({ estate, set, newEtag }: Workshop, id: string, type: string, body: JsonObject): void {
  estate.put({ ...set, id, type, name: id.split('/').at(-1) ?? '', etag: newEtag(), body });
}

/** An address of a range set aside for documentation (RFC 5737), so none is anybody's. */
function freeAddress({ estate }: Workshop): string {
  const taken = new Set(estate.all(ADDRESS).map(({ body }) => textAt(body, 'properties', 'ipAddress')));
  let last = 1;
  while (taken.has(`203.0.113.${last}`)) last += 1;
  return `203.0.113.${last}`;
}

function putAddress(shop: Workshop, configurationId: string, model: JsonObject): string {
  const id = `${configurationId}/publicIPAddresses/${textAt(model, 'name') ?? 'publicIPAddress'}`;
  const properties = {
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: 'Static',
    idleTimeoutInMinutes: 4,
    ...objectAt(model, 'properties'),
    provisioningState: 'Succeeded',
    ipAddress: textAt(shop.estate.exactly(id)?.body, 'properties', 'ipAddress') ?? freeAddress(shop),
    ipConfiguration: { id: configurationId },
  };
  put(shop, id, ADDRESS, { sku: { name: 'Standard', tier: 'Regional', ...objectAt(model, 'sku') }, properties });
  return id;
}

/** A configuration keeps its private address as long as its subnet stays. */
function configurationOf(shop: Workshop, interfaceId: string, model: JsonObject): JsonObject {
  const name = textAt(model, 'name') ?? '';
  const id = `${interfaceId}/ipConfigurations/${name}`;
  const before = listAt(shop.estate.exactly(interfaceId)?.body, 'properties', 'ipConfigurations');
  const standing = before.find((entry) => sameText(textAt(entry, 'name'), name));
  const { publicIPAddressConfiguration: address, ...rest } = objectAt(model, 'properties');
  const stays = sameText(textAt(standing, 'properties', 'subnet', 'id'), textAt(rest, 'subnet', 'id'));
  const kept = stays ? textAt(standing, 'properties', 'privateIPAddress') : undefined;
  return {
    name,
    id,
    properties: {
      provisioningState: 'Succeeded',
      privateIPAddressVersion: 'IPv4',
      privateIPAllocationMethod: 'Dynamic',
      ...rest,
      privateIPAddress: kept ?? privateAddress({ properties: rest }, [id], id, shop.estate),
      ...(isObject(address) ? { publicIPAddress: { id: putAddress(shop, id, address) } } : {}),
    },
  };
}

function putInterface(shop: Workshop, instanceId: string, model: JsonObject, primary: boolean): void {
  const id = `${instanceId}/networkInterfaces/${textAt(model, 'name') ?? ''}`;
  const { ipConfigurations: _models, ...rest } = objectAt(model, 'properties');
  const configurations = listAt(model, 'properties', 'ipConfigurations').map((each) => configurationOf(shop, id, each));
  const addresses = configurations.map((each) => textAt(each, 'properties', 'publicIPAddress', 'id'));
  for (const each of shop.estate.all(ADDRESS)) {
    if (isWithin(each.id, id) && !addresses.includes(each.id)) shop.estate.remove(each.id);
  }
  const rights = { primary, ...rest, provisioningState: 'Succeeded' };
  put(shop, id, INTERFACE, {
    properties: { ...rights, ipConfigurations: configurations, virtualMachine: { id: instanceId } },
  });
}

/** Gives an instance the interfaces of the set's model, and takes away those that the model no longer has. */
export function applyModel(shop: Workshop, instanceId: string): void {
  const models = interfaceModels(shop.set.body);
  const wanted = models.map((model) => `${instanceId}/networkInterfaces/${textAt(model, 'name') ?? ''}`);
  for (const { id } of shop.estate.all(INTERFACE)) {
    if (isWithin(id, instanceId) && !wanted.some((each) => sameText(each, id))) removeWithin(shop.estate, id);
  }
  for (const [index, model] of models.entries()) putInterface(shop, instanceId, model, index === 0);
}
