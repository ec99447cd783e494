/** Resources that others name although no list of the first wave holds them: what refers to them shows that they exist. */
import { isObject, listOf, objectOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { keyOf } from '../network/network';

/** Lists whose items name others, and where: each path ends at an object with an id or at a list of such. */
const REFERENCES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'microsoft.network/virtualnetworks': [
    ['subnets', 'ipConfigurations'],
    ['subnets', 'applicationGatewayIPConfigurations'],
  ],
  'microsoft.network/networksecuritygroups': [['networkInterfaces']],
  'microsoft.network/publicipaddresses': [['ipConfiguration']],
  'microsoft.network/loadbalancers': [
    ['backendAddressPools', 'backendIPConfigurations'],
    ['inboundNatRules', 'backendIPConfiguration'],
  ],
};

const NAMED =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/(Microsoft\.(?:Network|Compute)\/[^/]+)\/[^/]+)\//i;

/** The ids of the top-level resources of these types (any casing) that the resources refer to, each once, casing as read. */
export function namedBy(
  resources: readonly unknown[],
  types: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map(types.map((type) => [keyOf(type), new Map<string, string>()]));
  for (const id of resources.flatMap(referencesOf)) {
    const [, resource = '', type = ''] = NAMED.exec(id) ?? [];
    found.get(keyOf(type))?.set(keyOf(resource), resource);
  }
  return new Map(types.map((type) => [type, [...(found.get(keyOf(type))?.values() ?? [])]]));
}

function referencesOf(resource: unknown): string[] {
  const id = isObject(resource) ? textOf(resource.id) : undefined;
  const [, type] = /\/providers\/([^/]+\/[^/]+)\/[^/]+$/i.exec(id ?? '') ?? [];
  return (REFERENCES[keyOf(type ?? '')] ?? []).flatMap((path) => idsAt(propertiesOf(resource), path));
}

function idsAt(properties: Readonly<Record<string, unknown>>, [name, ...rest]: readonly string[]): string[] {
  const value = name === undefined ? undefined : properties[name];
  const entries = Array.isArray(value) ? listOf(value) : [value];
  if (rest.length === 0) return entries.flatMap((entry) => referenceOf(entry) ?? []);
  return entries.flatMap((entry) => idsAt(propertiesOf(objectOf(entry)), rest));
}
