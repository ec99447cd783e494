/**
 * What belongs to resources that were listed: rules of firewall policies and network managers, connections of hubs and
 * gateways, instances of scale sets, the route tables of subnets. Where there is nothing of the kind, nothing is
 * asked for.
 */
import { listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { keyOf } from '../network/network';
import { namedBy } from './named';
import { joined, NOTHING, type Observation, type Reader } from './observation';

/** Lists below a resource, and lists below their items. */
interface Branch {
  readonly list: string;
  readonly below?: readonly Branch[];
}

const OF_MANAGER: readonly Branch[] = [
  { list: 'securityAdminConfigurations', below: [{ list: 'ruleCollections', below: [{ list: 'rules' }] }] },
  { list: 'networkGroups', below: [{ list: 'staticMembers' }] },
  { list: 'connectivityConfigurations' },
];
const OF_POLICY: readonly Branch[] = [{ list: 'ruleCollectionGroups' }];
const OF_HUB: readonly Branch[] = [{ list: 'hubVirtualNetworkConnections' }];
const OF_SCALE_SET: readonly Branch[] = [{ list: 'networkInterfaces' }];

const APPLICATION_GATEWAYS = 'Microsoft.Network/applicationGateways';
const GATEWAYS = 'Microsoft.Network/virtualNetworkGateways';
const SCALE_SETS = 'Microsoft.Compute/virtualMachineScaleSets';

/** Reads what belongs to the resources of a subscription's first wave; empty where they have nothing of the kind. */
export async function readBelongings(
  reader: Reader,
  subscriptionId: string,
  listed: readonly unknown[],
): Promise<Observation> {
  const named = namedBy(listed, [APPLICATION_GATEWAYS, GATEWAYS, SCALE_SETS]);
  const firewalls = ofType(listed, 'Microsoft.Network/azureFirewalls');
  const parts = await Promise.all([
    ...ofType(listed, 'Microsoft.Network/networkManagers').map((manager) => below(reader, idOf(manager), OF_MANAGER)),
    readFirewallRules(reader, firewalls),
    readRouteTables(reader, subscriptionId, ofType(listed, 'Microsoft.Network/virtualNetworks')),
    readHubs(reader, subscriptionId, ofType(listed, 'Microsoft.Network/virtualHubs')),
    ...(named.get(APPLICATION_GATEWAYS) ?? []).map((id) => reader.one(id)),
    readGateways(reader, named.get(GATEWAYS) ?? []),
    ...(named.get(SCALE_SETS) ?? []).flatMap((id) => [reader.one(id), below(reader, id, OF_SCALE_SET)]),
  ]);
  return joined(parts);
}

async function below(reader: Reader, id: string, branches: readonly Branch[]): Promise<Observation> {
  const parts = await Promise.all(
    branches.map(async ({ list, below: lists = [] }) => {
      const items = await reader.list(`${id}/${list}`);
      const deeper = lists.length === 0 ? [] : items.resources.map((item) => below(reader, idOf(item), lists));
      return joined([items, ...(await Promise.all(deeper))]);
    }),
  );
  return joined(parts);
}

/** Rules of the policies that firewalls follow, wherever those live, and the address groups that DNAT rules let in. */
async function readFirewallRules(reader: Reader, firewalls: readonly unknown[]): Promise<Observation> {
  const policies = distinct(firewalls.flatMap((each) => referenceOf(propertiesOf(each).firewallPolicy) ?? []));
  const rules = await Promise.all(policies.map((id) => below(reader, id, OF_POLICY)));
  const collections = [
    ...firewalls.flatMap((each) => listOf(propertiesOf(each).natRuleCollections)).map(propertiesOf),
    ...rules.flatMap((each) => each.resources).flatMap((each) => listOf(propertiesOf(each).ruleCollections)),
  ];
  const groups = collections
    .flatMap((collection) => listOf(objectOf(collection).rules))
    .filter((rule) => objectOf(rule).translatedPort !== undefined)
    .flatMap((rule) => listOf(objectOf(rule).sourceIpGroups))
    .flatMap((id) => textOf(id) ?? []);
  return joined([...rules, ...(await Promise.all(groups.map((id) => reader.one(id))))]);
}

/** One list for all, where a subnet has one: a table that no subnet uses leads nowhere. */
async function readRouteTables(
  reader: Reader,
  subscriptionId: string,
  networks: readonly unknown[],
): Promise<Observation> {
  const subnets = networks.flatMap((each) => listOf(propertiesOf(each).subnets));
  if (!subnets.some((each) => referenceOf(propertiesOf(each).routeTable) !== undefined)) return NOTHING;
  return reader.list(`/subscriptions/${subscriptionId}/providers/Microsoft.Network/routeTables`);
}

/** The networks at each hub, and whatever else meets there: sites by VPN, circuits by their gateway. */
async function readHubs(reader: Reader, subscriptionId: string, hubs: readonly unknown[]): Promise<Observation> {
  if (hubs.length === 0) return NOTHING;
  const circuits = distinct(hubs.flatMap((hub) => referenceOf(propertiesOf(hub).expressRouteGateway) ?? []));
  const parts = await Promise.all([
    ...hubs.map((hub) => below(reader, idOf(hub), OF_HUB)),
    ...circuits.map((id) => reader.one(id)),
    ...(hubs.some((hub) => referenceOf(propertiesOf(hub).vpnGateway) !== undefined)
      ? [reader.list(`/subscriptions/${subscriptionId}/providers/Microsoft.Network/vpnSites`)]
      : []),
  ]);
  return joined(parts);
}

/**
 * Gateways with their connections and what lies at the far end. Connections can be listed by resource group only: asked
 * are the groups that hold a gateway.
 */
async function readGateways(reader: Reader, ids: readonly string[]): Promise<Observation> {
  const groups = distinct(ids.map((id) => id.split('/').slice(0, 5).join('/')));
  const [gateways, connections] = await Promise.all([
    Promise.all(ids.map((id) => reader.one(id))).then(joined),
    Promise.all(groups.map((group) => reader.list(`${group}/providers/Microsoft.Network/connections`))).then(joined),
  ]);
  const ends = connections.resources
    .map(propertiesOf)
    .flatMap(({ localNetworkGateway2, virtualNetworkGateway1, virtualNetworkGateway2 }) =>
      [localNetworkGateway2, virtualNetworkGateway1, virtualNetworkGateway2].flatMap((end) => referenceOf(end) ?? []),
    );
  return joined([gateways, connections, ...(await Promise.all(ends.map((id) => reader.one(id))))]);
}

function ofType(resources: readonly unknown[], type: string): readonly unknown[] {
  const segment = keyOf(`/providers/${type}/`);
  return resources.filter((resource) => keyOf(idOf(resource)).includes(segment));
}

function idOf(resource: unknown): string {
  return textOf(objectOf(resource).id) ?? '';
}

function distinct(ids: readonly string[]): string[] {
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()];
}
