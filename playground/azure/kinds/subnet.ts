// Subnets of a virtual network: where they may lie, what they may carry, when they may go.
import { contains, overlaps, parseRange } from '../address';
import type { AddressRange } from '../address';
import { refuse } from '../arm-error';
import type { EstateView } from '../estate';
import type { JsonObject } from '../json';
import { objectAt, sameText, textAt, textsAt, without } from '../json';
import type { Reference } from './back-references';
import { foreignReferences, referencesBack, usersOf } from './back-references';
import { checkBastionAttachment, rulesOf } from './bastion-subnet-rules';
import { childOf } from './children';
import type { WriteContext } from './kind';
import { checkName, checkUniqueNames } from './name-rule';
import { requireResource } from './references';

const GROUP_TYPE = 'Microsoft.Network/networkSecurityGroups';

/** The prefixes of a subnet, singular or plural. */
export function subnetPrefixes(subnet: JsonObject): string[] {
  const one = textAt(subnet, 'properties', 'addressPrefix');
  return [...(one ? [one] : []), ...textsAt(subnet, 'properties', 'addressPrefixes')];
}

/** A subnet as kept: back references dropped, except those that only the estate file knows. */
export function completeSubnet(
  networkId: string,
  subnet: JsonObject,
  carried: JsonObject,
  write: WriteContext,
): JsonObject {
  const child = childOf(networkId, 'Microsoft.Network/virtualNetworks', 'subnets', subnet);
  const foreign = foreignReferences(objectAt(carried, 'properties').ipConfigurations, write.estate);
  const endpoints = foreignReferences(objectAt(carried, 'properties').privateEndpoints, write.estate);
  return {
    ...child,
    properties: {
      delegations: [],
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
      ...without(objectAt(child, 'properties'), ['ipConfigurations', 'privateEndpoints']),
      ...(foreign.length > 0 ? { ipConfigurations: foreign } : {}),
      ...(endpoints.length > 0 ? { privateEndpoints: endpoints } : {}),
    },
  };
}

function checkPrefixes(subnet: JsonObject, space: readonly AddressRange[], networkName: string): AddressRange[] {
  const name = textAt(subnet, 'name') ?? '';
  const ranges = subnetPrefixes(subnet).map((prefix) => {
    const range = parseRange(prefix);
    if (range) return range;
    throw refuse(
      'InvalidAddressPrefixFormat',
      `Address prefix ${prefix} of resource ${name} is not formatted correctly.`,
    );
  });
  if (ranges.length > 0 && ranges.every((range) => space.some((outer) => contains(outer, range)))) return ranges;
  throw refuse('NetcfgInvalidSubnet', `Subnet '${name}' is not valid in virtual network '${networkName}'.`);
}

function checkGroup(subnet: JsonObject, before: JsonObject | undefined, write: WriteContext): void {
  const groupId = textAt(subnet, 'properties', 'networkSecurityGroup', 'id');
  if (!groupId) return;
  const group = requireResource(write.estate, textAt(subnet, 'id') ?? '', groupId, GROUP_TYPE);
  if (!sameText(textAt(subnet, 'name'), 'AzureBastionSubnet')) return;
  if (sameText(textAt(before, 'properties', 'networkSecurityGroup', 'id'), groupId)) return;
  checkBastionAttachment(group.id, rulesOf(group.body));
}

/** A route table or NAT gateway that the subnet newly follows must stand. */
function checkRoads(subnet: JsonObject, before: JsonObject | undefined, write: WriteContext): void {
  for (const [property, type] of [
    ['routeTable', 'Microsoft.Network/routeTables'],
    ['natGateway', 'Microsoft.Network/natGateways'],
  ] as const) {
    const target = textAt(subnet, 'properties', property, 'id');
    if (!target || sameText(textAt(before, 'properties', property, 'id'), target)) continue;
    if (property === 'routeTable' && sameText(textAt(subnet, 'name'), 'AzureBastionSubnet')) {
      throw refuse(
        'RouteTableCannotBeAttachedForAzureBastionSubnet',
        `Route Table ${target} cannot be attached to Azure Bastion Subnet AzureBastionSubnet.`,
      );
    }
    requireResource(write.estate, textAt(subnet, 'id') ?? '', target, type);
  }
}

/** A prefix goes only when no address of it is taken; a Bastion host's or a gateway's configuration names none. */
function checkPrefixesKept(subnet: JsonObject, standing: JsonObject, estate: EstateView): void {
  const kept = subnetPrefixes(subnet);
  const users = usersOf('configurationInSubnet', textAt(subnet, 'id') ?? '', estate);
  for (const prefix of subnetPrefixes(standing).filter((each) => !kept.includes(each))) {
    const range = parseRange(prefix);
    const isTaken = users.some(({ address }) => {
      const taken = address === undefined ? range : parseRange(address);
      return range !== undefined && taken !== undefined && contains(range, taken);
    });
    if (!isTaken) continue;
    throw refuse(
      'InUsePrefixCannotBeDeleted',
      `IpPrefix ${prefix} on Subnet ${textAt(subnet, 'name') ?? ''} has active allocations and cannot be deleted.`,
    );
  }
}

/** Refuses subnets that ARM refuses: names, prefixes outside the network or overlapping, dangling or unfit groups. */
export function checkSubnets(
  subnets: readonly JsonObject[],
  before: readonly JsonObject[],
  space: readonly AddressRange[],
  networkName: string,
  write: WriteContext,
): void {
  checkUniqueNames(
    subnets.map((subnet) => textAt(subnet, 'name') ?? ''),
    write.id,
  );
  const placed: { name: string; range: AddressRange }[] = [];
  for (const subnet of subnets) {
    const name = textAt(subnet, 'name') ?? '';
    checkName(name);
    for (const range of checkPrefixes(subnet, space, networkName)) {
      const other = placed.find((entry) => entry.name !== name && overlaps(entry.range, range));
      if (other) {
        throw refuse(
          'NetcfgSubnetRangesOverlap',
          `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet '${other.name}' in virtual network '${networkName}'.`,
        );
      }
      placed.push({ name, range });
    }
    const standing = before.find((entry) => sameText(textAt(entry, 'name'), name));
    if (standing) checkPrefixesKept(subnet, standing, write.estate);
    checkGroup(subnet, standing, write);
    checkRoads(subnet, standing, write);
  }
}

/** Everything that stands in a subnet, as a GET lists it: IP configurations, then private endpoints. */
export function standingIn(
  subnet: JsonObject,
  estate: EstateView,
): { configurations: Reference[]; endpoints: Reference[] } {
  const id = textAt(subnet, 'id') ?? '';
  const properties = objectAt(subnet, 'properties');
  return {
    configurations: referencesBack(properties.ipConfigurations, 'configurationInSubnet', id, estate),
    endpoints: referencesBack(properties.privateEndpoints, 'endpointInSubnet', id, estate),
  };
}

/** Refuses removing a subnet in which something stands. */
export function checkSubnetsFree(removed: readonly JsonObject[], write: Pick<WriteContext, 'estate'>): void {
  for (const subnet of removed) {
    const { configurations, endpoints } = standingIn(subnet, write.estate);
    const users = [...configurations, ...endpoints];
    if (users.length === 0) continue;
    throw refuse(
      'InUseSubnetCannotBeDeleted',
      `Subnet ${textAt(subnet, 'name') ?? ''} is in use by ${users[0]?.id ?? ''} and cannot be deleted. In ` +
        'order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.',
    );
  }
}
