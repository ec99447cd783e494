/** Which machines Bastion reaches, walked over the local Azure's own state: an opinion that shares no code with the app's. */
import { IPv4 } from 'ipaddr.js';
import { at, isObject, type JsonObject, listAt, textAt } from '../json';

/** `INTERFACE PORT`, 22 and 3389, for every machine that a session from some AzureBastionSubnet gets to. */
export function bastionWays(resources: readonly unknown[]): Set<string> {
  const estate = mapOf(resources);
  const starts = typed(estate, 'bastionhosts')
    .flatMap((host) => listAt(host, 'properties', 'ipConfigurations'))
    .flatMap((configuration) => subnetAt(estate, textAt(configuration, 'properties', 'subnet', 'id')) ?? []);
  const ways = typed(estate, 'networkinterfaces')
    .filter((nic) => at(nic, 'properties', 'virtualMachine') !== undefined)
    .flatMap((nic) =>
      PORTS.flatMap((port) =>
        starts.some((start) => reaches(estate, start, nic, port)) ? `${idOf(nic)} ${port}` : [],
      ),
    );
  return new Set(ways);
}

const PORTS = [22, 3389];

type Estate = ReadonlyMap<string, JsonObject>;

interface Place {
  readonly subnet: unknown;
  readonly network: JsonObject;
}

function mapOf(resources: readonly unknown[]): Estate {
  return new Map(resources.filter(isObject).map((resource) => [idOf(resource), resource]));
}

function idOf(resource: unknown): string {
  return textAt(resource, 'id').toLowerCase();
}

function typed(estate: Estate, type: string): JsonObject[] {
  return [...estate.values()].filter((each) => textAt(each, 'type').toLowerCase() === `microsoft.network/${type}`);
}

function subnetAt(estate: Estate, id: string): Place | undefined {
  const network = estate.get(id.toLowerCase().split('/subnets/')[0] ?? '');
  const subnet = listAt(network, 'properties', 'subnets').find((each) => idOf(each) === id.toLowerCase());
  return network && subnet ? { subnet, network } : undefined;
}

function reaches(estate: Estate, start: Place, nic: JsonObject, port: number): boolean {
  return listAt(nic, 'properties', 'ipConfigurations').some((configuration) => {
    const end = subnetAt(estate, textAt(configuration, 'properties', 'subnet', 'id'));
    const destination = textAt(configuration, 'properties', 'privateIPAddress');
    const source = firstHost(start.subnet);
    if (!end || !IPv4.isValid(destination) || source === undefined || !isJoined(start.network, end.network))
      return false;
    const packet = { source, destination, port };
    return (
      isLet(groupOf(estate, start.subnet), { ...packet, direction: 'outbound' }, tagOf(estate, start.network)) &&
      [end.subnet, nic].every((holder) =>
        isLet(groupOf(estate, holder), { ...packet, direction: 'inbound' }, tagOf(estate, end.network)),
      )
    );
  });
}

/** Azure keeps the first four addresses of a subnet for itself. */
function firstHost(subnet: unknown): string | undefined {
  const prefix = textAt(subnet, 'properties', 'addressPrefix') || textAt(subnet, 'properties', 'addressPrefixes', 0);
  if (!IPv4.isValidCIDR(prefix)) return undefined;
  const octets = IPv4.networkAddressFromCIDR(prefix).octets;
  return octets.map((octet, index) => (index === 3 ? octet + 4 : octet)).join('.');
}

/** The same network, or a peering that both ends call Connected. */
function isJoined(one: JsonObject, other: JsonObject): boolean {
  return idOf(one) === idOf(other) || (leadsTo(one, other) && leadsTo(other, one));
}

function leadsTo(from: JsonObject, to: JsonObject): boolean {
  return connected(from).some((peering) => remoteOf(peering) === idOf(to));
}

function connected(network: JsonObject): unknown[] {
  return listAt(network, 'properties', 'virtualNetworkPeerings').filter(
    (peering) => textAt(peering, 'properties', 'peeringState') === 'Connected',
  );
}

function remoteOf(peering: unknown): string {
  return textAt(peering, 'properties', 'remoteVirtualNetwork', 'id').toLowerCase();
}

/** What VirtualNetwork stands for there: its own space, and that of peers that are let in. */
function tagOf(estate: Estate, network: JsonObject): string[] {
  const peers = connected(network).filter(
    (peering) => at(peering, 'properties', 'allowVirtualNetworkAccess') !== false,
  );
  return [network, ...peers.map((peering) => estate.get(remoteOf(peering)))]
    .flatMap((each) => listAt(each, 'properties', 'addressSpace', 'addressPrefixes'))
    .filter((prefix): prefix is string => typeof prefix === 'string');
}

function groupOf(estate: Estate, holder: unknown): JsonObject | undefined {
  return estate.get(textAt(holder, 'properties', 'networkSecurityGroup', 'id').toLowerCase());
}

interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly direction: 'inbound' | 'outbound';
}

/** First match by priority; without a group everything passes. */
function isLet(group: JsonObject | undefined, packet: Packet, tag: readonly string[]): boolean {
  if (!group) return true;
  const [deciding] = ['securityRules', 'defaultSecurityRules']
    .flatMap((list) => listAt(group, 'properties', list))
    .filter((rule) => matches(rule, packet, tag))
    .toSorted((one, other) => Number(at(one, 'properties', 'priority')) - Number(at(other, 'properties', 'priority')));
  return textAt(deciding, 'properties', 'access').toLowerCase() === 'allow';
}

function matches(rule: unknown, { source, destination, port, direction }: Packet, tag: readonly string[]): boolean {
  return (
    textAt(rule, 'properties', 'direction').toLowerCase() === direction &&
    ['*', 'tcp'].includes(textAt(rule, 'properties', 'protocol').toLowerCase()) &&
    both(rule, 'destinationPortRange', 's').some((range) => isInRange(range, port)) &&
    both(rule, 'sourceAddressPrefix', 'es').some((prefix) => covers(prefix, source, tag)) &&
    both(rule, 'destinationAddressPrefix', 'es').some((prefix) => covers(prefix, destination, tag))
  );
}

/** The values of a field that Azure writes in the singular or in the plural. */
function both(rule: unknown, name: string, plural: string): string[] {
  return [at(rule, 'properties', name), ...listAt(rule, 'properties', `${name}${plural}`)].filter(
    (value): value is string => typeof value === 'string' && value !== '',
  );
}

function isInRange(range: string, port: number): boolean {
  if (range === '*') return true;
  const [low = '', high = low] = range.split('-');
  return Number(low) <= port && port <= Number(high);
}

/** Tags that stand for none of the customer's own addresses cover none. */
function covers(prefix: string, address: string, tag: readonly string[]): boolean {
  const isInside = tag.some((each) => isIn(address, each));
  if (prefix === '*') return true;
  if (prefix.toLowerCase() === 'virtualnetwork') return isInside;
  if (prefix.toLowerCase() === 'internet') return !isInside;
  return isIn(address, prefix.includes('/') ? prefix : `${prefix}/32`);
}

function isIn(address: string, cidr: string): boolean {
  return IPv4.isValidCIDR(cidr) && IPv4.parse(address).match(IPv4.parseCIDR(cidr));
}
