// Microsoft.Network/publicIPAddresses and what they are attached to.
import { formatIPv4 } from '../address';
import { refuse } from '../arm-error';
import type { EstateView } from '../estate';
import type { JsonObject } from '../json';
import { objectAt, sameText, textAt, without } from '../json';
import { foreignReferences, usersOf } from './back-references';
import type { ResourceKind, WriteContext } from './kind';

const TYPE = 'Microsoft.Network/publicIPAddresses';
const READ_ONLY = ['resourceGuid', 'provisioningState', 'ipConfiguration', 'ipAddress'];
/** Addresses are handed out from the ranges set aside for documentation (RFC 5737), so none is anybody's. */
const POOL_START = (198n << 24n) | (51n << 16n) | (100n << 8n);

function freeAddress(estate: EstateView): string {
  const taken = new Set(estate.all(TYPE).map((stored) => textAt(stored.body, 'properties', 'ipAddress')));
  let candidate = POOL_START + 10n;
  while (taken.has(formatIPv4(candidate))) candidate += 1n;
  return formatIPv4(candidate);
}

function keep(body: JsonObject, carried: JsonObject, write: WriteContext): JsonObject {
  const isStandard = !sameText(textAt(body, 'sku', 'name'), 'Basic');
  const method = textAt(body, 'properties', 'publicIPAllocationMethod') ?? (isStandard ? 'Static' : 'Dynamic');
  const address = carried.ipAddress ?? (sameText(method, 'Static') ? freeAddress(write.estate) : undefined);
  const attached = foreignReferences([carried.ipConfiguration], write.estate)[0];
  return {
    provisioningState: 'Succeeded',
    resourceGuid: carried.resourceGuid ?? write.guid(),
    publicIPAddressVersion: 'IPv4',
    idleTimeoutInMinutes: 4,
    ipTags: [],
    ...without(objectAt(body, 'properties'), READ_ONLY),
    publicIPAllocationMethod: method,
    ...(address ? { ipAddress: address } : {}),
    ...(attached ? { ipConfiguration: attached } : {}),
  };
}

export const publicIpAddress: ResourceKind = {
  type: TYPE,
  writable: true,
  children: [],
  topLevel: (body) => ({ sku: { name: 'Standard', tier: 'Regional', ...objectAt(body, 'sku') } }),
  prepare: (body, write) => keep(body, objectAt(write.before?.body, 'properties'), write),
  load: (body, write) => keep(body, objectAt(body, 'properties'), write),
  view(stored, estate) {
    const properties = objectAt(stored.body, 'properties');
    const [attached] = usersOf('configurationWithPublicIp', stored.id, estate);
    const [natGateway] = usersOf('natGatewayWithPublicIp', stored.id, estate);
    return {
      ...properties,
      ...(attached ? { ipConfiguration: { id: attached.id } } : {}),
      ...(natGateway ? { natGateway: { id: natGateway.id } } : {}),
    };
  },
  checkDelete(stored, estate) {
    const view = this.view(stored, estate);
    const holder = textAt(view, 'ipConfiguration', 'id') ?? textAt(view, 'natGateway', 'id');
    if (!holder) return;
    throw refuse(
      'PublicIPAddressCannotBeDeleted',
      `Public IP address ${stored.id} can not be deleted since it is still allocated to resource ${holder}. In order ` +
        'to delete the public IP, disassociate/detach the Public IP address from the resource. To learn how to do ' +
        'this, see aka.ms/deletepublicip.',
    );
  },
};
