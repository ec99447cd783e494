/** Raw ARM resources in any of the shapes people export → the network as plain data, and what could not be read. */
import { isObject, isUnresolved, type JsonObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from './json';
import {
  type BastionHost,
  type Gap,
  type Interface,
  keyOf,
  type Network,
  parentIdOf,
  type PublicIp,
  type ResourceKey,
  type SecurityGroup,
  type Subnet,
  type VirtualNetwork,
} from './network';
import { readBastionHost, readInterface, readPublicIp } from './read-interface';
import { readSecurityGroup } from './read-security-group';
import { readVirtualNetwork } from './read-virtual-network';

/** A resource with the id and type it was given, or that were worked out from its name. */
export interface ArmResource {
  readonly id: string;
  /** Lower case, as in `microsoft.network/networksecuritygroups/securityrules`. */
  readonly type: string;
  readonly json: JsonObject;
}

export interface ReadNetwork {
  readonly network: Network;
  readonly gaps: readonly Gap[];
}

/** Gives every entry its id and type; entries that are no resource at all become gaps. */
export function identify(entries: readonly unknown[], gaps: Gap[]): ArmResource[] {
  const names = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const json = objectOf(entry);
    const id = textOf(json.id) ?? (isObject(entry) ? nameless(json, names) : undefined);
    const type = id === undefined ? undefined : typeOf(json, id);
    if (id !== undefined && type !== undefined) return [{ id, type, json }, ...nestedResources(id, type, json, gaps)];
    gaps.push({
      resource: textOf(json.name) ?? `entry ${index + 1}`,
      what: 'not-a-resource',
      why: 'it has no id, no type and no securityRules; give ARM JSON as az or Resource Graph prints it',
      touchesAdminPort: false,
    });
    return [];
  });
}

function typeOf(json: JsonObject, id: string): string | undefined {
  const type = textOf(json.type) ?? typeInId(id);
  if (type) return type.toLowerCase();
  const properties = propertiesOf(json);
  return Array.isArray(properties.securityRules) ? 'microsoft.network/networksecuritygroups' : undefined;
}

/** `…/providers/Microsoft.Network/virtualNetworks/v/subnets/s` → `Microsoft.Network/virtualNetworks/subnets`. */
function typeInId(id: string): string | undefined {
  const provider = /^.*\/providers\/([^/]+)\/(.+)$/i.exec(id);
  if (!provider) return undefined;
  const segments = (provider[2] ?? '').split('/').filter((_, index) => index % 2 === 0);
  return [provider[1], ...segments].join('/');
}

/** Templates and bare groups carry no id: one is made from type and name, and kept apart from namesakes. */
function nameless(json: JsonObject, names: Map<string, number>): string | undefined {
  const name = textOf(json.name);
  if (name === undefined) return undefined;
  const type = textOf(json.type)?.split('/');
  if (type && type.length > 1) {
    const [namespace, ...types] = type;
    const parts = name.split('/');
    const path = types.flatMap((segment, index) => [segment, parts[index] ?? '']);
    return `/subscriptions/-/resourceGroups/-/providers/${namespace}/${path.join('/')}`;
  }
  const seen = names.get(name) ?? 0;
  names.set(name, seen + 1);
  return seen === 0 ? name : `${name}~${seen + 1}`;
}

/** Templates may nest children under `resources`, their types and names relative to the parent's. */
function nestedResources(id: string, type: string, json: JsonObject, gaps: Gap[]): ArmResource[] {
  const children = listOf(json.resources).map((child) => {
    const own = objectOf(child);
    const segment = textOf(own.type)?.split('/').at(-1) ?? '';
    const name = textOf(own.name)?.split('/').at(-1) ?? '';
    return { ...own, id: `${id}/${segment}/${name}`, type: `${type}/${segment}` };
  });
  return children.length === 0 ? [] : identify(children, gaps);
}

/**
 * Reads the network out of a flat list of ARM resources: parents with their children inside, children as entries of
 * their own, or both. Types that say nothing about reachability are passed over.
 */
export function readNetwork(entries: readonly unknown[]): ReadNetwork {
  const gaps: Gap[] = [];
  const resources = identify(entries, gaps);
  const byType = groupByType(resources);
  const of = (type: string): readonly ArmResource[] => byType.get(type) ?? [];

  const childrenOf = (type: string, parent: string): ArmResource[] =>
    of(type).filter((child) => keyOf(parentIdOf(child.id)) === keyOf(parent));
  const groupType = 'microsoft.network/networksecuritygroups';
  const networkType = 'microsoft.network/virtualnetworks';
  reportOrphans(of(`${groupType}/securityrules`), of(groupType), gaps);
  reportOrphans(
    [...of(`${networkType}/subnets`), ...of(`${networkType}/virtualnetworkpeerings`)],
    of(networkType),
    gaps,
  );

  const securityGroups = collect<SecurityGroup>(of(groupType), ({ id, json }) =>
    readSecurityGroup(id, json, jsonOf(childrenOf(`${groupType}/securityrules`, id)), gaps),
  );
  const virtualNetworks = collect<VirtualNetwork>(of(networkType), ({ id, json }) => {
    const subnets = jsonOf(childrenOf(`${networkType}/subnets`, id));
    const peerings = jsonOf(childrenOf(`${networkType}/virtualnetworkpeerings`, id));
    return readVirtualNetwork(id, json, { subnets, peerings }, gaps);
  });
  const interfaces = collect<Interface>(of('microsoft.network/networkinterfaces'), ({ id, json }) =>
    readInterface(id, json, gaps),
  );
  const network: Network = {
    securityGroups,
    virtualNetworks,
    subnets: subnetsOf(virtualNetworks, interfaces, resources),
    interfaces: withMachines(interfaces, of('microsoft.compute/virtualmachines')),
    publicIps: collect<PublicIp>(of('microsoft.network/publicipaddresses'), ({ id, json }) => readPublicIp(id, json)),
    bastionHosts: collect<BastionHost>(of('microsoft.network/bastionhosts'), ({ id, json }) =>
      readBastionHost(id, json, gaps),
    ),
    probedPorts: of('microsoft.network/loadbalancers').flatMap(({ json }) => probePorts(json)),
  };
  return { network, gaps: [...gaps, ...danglingReferences(network)] };
}

function groupByType(resources: readonly ArmResource[]): Map<string, ArmResource[]> {
  const byType = new Map<string, ArmResource[]>();
  for (const resource of resources) {
    const list = byType.get(resource.type);
    if (list) list.push(resource);
    else byType.set(resource.type, [resource]);
  }
  return byType;
}

function jsonOf(resources: readonly ArmResource[]): unknown[] {
  return resources.map(({ id, json }) => ({ ...json, id, name: id.slice(id.lastIndexOf('/') + 1) }));
}

function collect<R extends { readonly id: string }>(
  resources: readonly ArmResource[],
  read: (resource: ArmResource) => R | undefined,
): Map<ResourceKey, R> {
  const map = new Map<ResourceKey, R>();
  for (const resource of resources) {
    const value = read(resource);
    if (value) map.set(keyOf(resource.id), value);
  }
  return map;
}

function reportOrphans(children: readonly ArmResource[], parents: readonly ArmResource[], gaps: Gap[]): void {
  const known = new Set(parents.map((parent) => keyOf(parent.id)));
  for (const child of children) {
    if (known.has(keyOf(parentIdOf(child.id)))) continue;
    const why = 'the resource it belongs to is not in the input; export the parent as well';
    gaps.push({ resource: child.id, what: 'missing-parent', why, touchesAdminPort: true });
  }
}

/** Subnets by key; those that only private endpoints use, and those in a service's resource group, are the platform's. */
function subnetsOf(
  virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>,
  interfaces: ReadonlyMap<ResourceKey, Interface>,
  resources: readonly ArmResource[],
): Map<ResourceKey, Subnet> {
  const machines = new Set([...interfaces.values()].flatMap((nic) => nic.ipConfigurations.map((ip) => ip.subnet)));
  const endpoints = new Set(
    resources.flatMap(({ type, json }) => {
      const subnet = type === 'microsoft.network/privateendpoints' ? referenceOf(propertiesOf(json).subnet) : undefined;
      return subnet && !isUnresolved(subnet) ? keyOf(subnet) : [];
    }),
  );
  const managed = resources.flatMap(({ id, type, json }) =>
    /^microsoft\.resources\/(subscriptions\/)?resourcegroups$/.test(type) && textOf(json.managedBy)
      ? `${keyOf(id)}/`
      : [],
  );
  const subnets = new Map<ResourceKey, Subnet>();
  for (const subnet of [...virtualNetworks.values()].flatMap((network) => network.subnets)) {
    const key = keyOf(subnet.id);
    const reason =
      subnet.platformManaged ??
      (endpoints.has(key) && !machines.has(key) ? 'private endpoints only' : undefined) ??
      (managed.some((prefix) => key.startsWith(prefix)) ? 'in a resource group managed by a service' : undefined);
    subnets.set(key, reason === undefined ? subnet : { ...subnet, platformManaged: reason });
  }
  return subnets;
}

/** Templates say on the machine which interfaces it has; live interfaces say it themselves. */
function withMachines(
  interfaces: ReadonlyMap<ResourceKey, Interface>,
  machines: readonly ArmResource[],
): ReadonlyMap<ResourceKey, Interface> {
  const result = new Map(interfaces);
  for (const { id, json } of machines) {
    for (const entry of listOf(objectOf(propertiesOf(json).networkProfile).networkInterfaces)) {
      const reference = referenceOf(entry);
      const nic = reference === undefined ? undefined : result.get(keyOf(reference));
      if (nic && !nic.virtualMachine) result.set(keyOf(nic.id), { ...nic, virtualMachine: id });
    }
  }
  return result;
}

function probePorts(loadBalancer: JsonObject): number[] {
  return listOf(propertiesOf(loadBalancer).probes).flatMap((probe) => {
    const { port } = propertiesOf(probe);
    return typeof port === 'number' ? port : [];
  });
}

function danglingReferences(network: Network): Gap[] {
  const gaps: Gap[] = [];
  const check = (
    resource: string,
    key: ResourceKey | undefined,
    known: ReadonlyMap<ResourceKey, unknown>,
    role: string,
  ): void => {
    if (key === undefined || known.has(key)) return;
    const why = `its ${role} ${key} was not read; export it as well, or let the guardrail read it`;
    gaps.push({ resource, what: 'dangling-reference', why, touchesAdminPort: true });
  };
  for (const subnet of network.subnets.values()) {
    check(subnet.id, subnet.securityGroup, network.securityGroups, 'security group');
  }
  for (const nic of network.interfaces.values()) {
    check(nic.id, nic.securityGroup, network.securityGroups, 'security group');
    for (const ip of nic.ipConfigurations) check(ip.id, ip.subnet, network.subnets, 'subnet');
  }
  for (const host of network.bastionHosts.values()) {
    for (const subnet of host.subnets) check(host.id, subnet, network.subnets, 'subnet');
  }
  return gaps;
}
