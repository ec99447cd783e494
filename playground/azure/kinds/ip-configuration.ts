// IP configurations of interfaces and Bastion hosts: their references and the private address they take.
import { contains, formatIPv4, parseRange } from '../address';
import { refuse } from '../arm-error';
import type { EstateView } from '../estate';
import type { JsonObject } from '../json';
import { listAt, sameText, textAt } from '../json';
import { parseResourceId } from '../resource-id';
import { usersOf } from './back-references';
import { requireChild, requireResource, requireSubnet } from './references';
import { subnetPrefixes } from './subnet';

/** Refuses a public IP that does not exist or is attached to another configuration. */
export function checkPublicIp(
  configuration: JsonObject,
  ownIds: readonly string[],
  from: string,
  estate: EstateView,
): void {
  const target = textAt(configuration, 'properties', 'publicIPAddress', 'id');
  if (!target) return;
  requireResource(estate, from, target, 'Microsoft.Network/publicIPAddresses');
  const [holder] = [
    ...usersOf('configurationWithPublicIp', target, estate),
    ...usersOf('natGatewayWithPublicIp', target, estate),
  ].map(({ id }) => id);
  if (holder === undefined || ownIds.some((id) => sameText(id, holder))) return;
  throw refuse(
    'PublicIPAddressInUse',
    `Resource ${from} is referencing public IP address ${target} that is already allocated to resource ${holder}.`,
  );
}

/** The private address of a configuration: the one it asks for, checked, or the first free one of its subnet. */
export function privateAddress(
  configuration: JsonObject,
  ownIds: readonly string[],
  from: string,
  estate: EstateView,
): string | undefined {
  const target = textAt(configuration, 'properties', 'subnet', 'id');
  if (!target) throw refuse('SubnetMissing', `IP configuration ${from} must reference a subnet.`);
  const { subnet } = requireSubnet(estate, from, target);
  const range = subnetPrefixes(subnet)
    .map(parseRange)
    .find((candidate) => candidate?.family === 'ipv4');
  const taken = usersOf('configurationInSubnet', target, estate).filter(
    ({ id }) => !ownIds.some((own) => sameText(own, id)),
  );
  const wanted = textAt(configuration, 'properties', 'privateIPAddress');
  if (wanted) {
    const address = parseRange(wanted);
    if (!range || !address || !contains(range, address)) {
      throw refuse(
        'PrivateIPAddressNotInSubnet',
        `Private static IP address ${wanted} does not belong to the range of subnet prefix ${subnetPrefixes(subnet).join(', ')}.`,
      );
    }
    if (taken.some((entry) => entry.address === wanted)) {
      throw refuse('PrivateIPAddressInUse', `Private static IP address ${wanted} is in use by another resource.`);
    }
    return wanted;
  }
  if (!range) return undefined;
  // Azure keeps the first four addresses and the last one of every subnet for itself.
  for (let candidate = range.first + 4n; candidate < range.last; candidate += 1n) {
    const text = formatIPv4(candidate);
    if (!taken.some((entry) => entry.address === text)) return text;
  }
  throw refuse(
    'SubnetIsFull',
    `Subnet ${textAt(subnet, 'name') ?? ''} does not have enough capacity for 1 IP addresses.`,
  );
}

/** Refuses application security groups, backend pools and NAT rules that do not exist. */
export function checkMemberships(configuration: JsonObject, from: string, estate: EstateView): void {
  const ids = (key: string): string[] =>
    listAt(configuration, 'properties', key).flatMap((entry) => textAt(entry, 'id') ?? []);
  for (const id of ids('applicationSecurityGroups'))
    requireResource(estate, from, id, 'Microsoft.Network/applicationSecurityGroups');
  for (const id of ids('loadBalancerBackendAddressPools')) {
    const isGateway = sameText(parseResourceId(id)?.type, 'Microsoft.Network/applicationGateways');
    if (!isGateway) requireChild(estate, from, id, 'Microsoft.Network/loadBalancers', 'backendAddressPools');
  }
  for (const id of ids('loadBalancerInboundNatRules')) {
    requireChild(estate, from, id, 'Microsoft.Network/loadBalancers', 'inboundNatRules');
    const holder = usersOf('configurationWithNatRule', id, estate).find((user) => !sameText(user.id, from));
    if (!holder) continue;
    throw refuse('InboundNatRuleAlreadyInUse', `Inbound NAT rule ${id} is already used by ${holder.id}.`);
  }
}
