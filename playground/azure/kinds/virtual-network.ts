// Microsoft.Network/virtualNetworks with their subnets and peerings.
import type { AddressRange } from '../address';
import { parseRange } from '../address';
import { refuse, unreadable } from '../arm-error';
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt, textsAt, without } from '../json';
import type { ResourceKind, WriteContext } from './kind';
import { preparePeerings } from './peering';
import { checkSubnets, checkSubnetsFree, completeSubnet, standingIn } from './subnet';

const READ_ONLY = ['resourceGuid', 'provisioningState', 'subnets', 'virtualNetworkPeerings', 'flowLogs'];

function addressSpace(body: JsonObject): AddressRange[] {
  const prefixes = textsAt(body, 'properties', 'addressSpace', 'addressPrefixes');
  if (prefixes.length === 0) throw unreadable("Required property 'addressSpace' not found in JSON. Path 'properties'.");
  return prefixes.map((prefix) => {
    const range = parseRange(prefix);
    if (range) return range;
    throw refuse('InvalidAddressPrefixFormat', `Address prefix ${prefix} is not formatted correctly.`);
  });
}

function named(children: readonly JsonObject[], name: string | undefined): JsonObject | undefined {
  return children.find((child) => sameText(textAt(child, 'name'), name));
}

/** A list that the body leaves out stays as it is; one that it gives replaces what stands. */
function written(body: JsonObject, write: WriteContext, collection: string): readonly JsonObject[] {
  const given = objectAt(body, 'properties')[collection];
  if (given === undefined || given === null) return listAt(write.before?.body, 'properties', collection);
  if (Array.isArray(given)) return listAt(body, 'properties', collection);
  throw unreadable(`Expected an array. Path 'properties.${collection}'.`);
}

function prepareSubnets(body: JsonObject, write: WriteContext): JsonObject[] {
  const before = listAt(write.before?.body, 'properties', 'subnets');
  const subnets = written(body, write, 'subnets').map((subnet) =>
    completeSubnet(write.id, subnet, named(before, textAt(subnet, 'name')) ?? {}, write),
  );
  checkSubnets(subnets, before, addressSpace(body), write.id.split('/').at(-1) ?? '', write);
  checkSubnetsFree(
    before.filter((subnet) => !named(subnets, textAt(subnet, 'name'))),
    write,
  );
  return subnets;
}

function keep(
  body: JsonObject,
  write: WriteContext,
  carried: JsonObject,
  children: { subnets: JsonObject[]; peerings: JsonObject[] },
): JsonObject {
  return {
    provisioningState: 'Succeeded',
    resourceGuid: carried.resourceGuid ?? write.guid(),
    enableDdosProtection: false,
    ...without(objectAt(body, 'properties'), READ_ONLY),
    subnets: children.subnets,
    virtualNetworkPeerings: children.peerings,
    ...(carried.flowLogs ? { flowLogs: carried.flowLogs } : {}),
  };
}

export const virtualNetwork: ResourceKind = {
  type: 'Microsoft.Network/virtualNetworks',
  writable: true,
  children: [
    { name: 'subnets', readOnly: false },
    { name: 'virtualNetworkPeerings', readOnly: false },
  ],
  prepare(body, write) {
    const subnets = prepareSubnets(body, write);
    const peerings = preparePeerings(written(body, write, 'virtualNetworkPeerings'), body, write);
    return keep(body, write, objectAt(write.before?.body, 'properties'), { subnets, peerings });
  },
  load(body, write) {
    const subnets = listAt(body, 'properties', 'subnets').map((subnet) =>
      completeSubnet(write.id, subnet, subnet, write),
    );
    const peerings = listAt(body, 'properties', 'virtualNetworkPeerings').map((peering) => ({
      ...peering,
      id: `${write.id}/virtualNetworkPeerings/${textAt(peering, 'name') ?? ''}`,
      type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    }));
    return keep(body, write, objectAt(body, 'properties'), { subnets, peerings });
  },
  view(stored, estate) {
    const properties = objectAt(stored.body, 'properties');
    const subnets = listAt(properties, 'subnets').map((subnet) => {
      const { configurations, endpoints } = standingIn(subnet, estate);
      if (configurations.length + endpoints.length === 0) return subnet;
      const users = {
        ...(configurations.length > 0 ? { ipConfigurations: configurations } : {}),
        ...(endpoints.length > 0 ? { privateEndpoints: endpoints } : {}),
      };
      return { ...subnet, properties: { ...objectAt(subnet, 'properties'), ...users } };
    });
    return { ...properties, subnets };
  },
  checkDelete(stored, estate) {
    checkSubnetsFree(listAt(stored.body, 'properties', 'subnets'), { estate });
  },
};
