/** What belongs to a platform service and not to the customer: the guardrail looks, says so, and keeps its hands off. */
import type { Resources } from './arm-resource';
import { listOf, propertiesOf, referenceOf, textOf } from './json';
import { type Interface, keyOf, type ResourceKey, type Subnet } from './network';
import { keyIn } from './read-prefixes';

interface Owned {
  readonly id: string;
  readonly platformManaged?: string;
}

export interface Ownership {
  /** Marks a resource whose resource group a service manages (`managedBy`, as AKS and managed applications set it). */
  readonly resource: <R extends Owned>(resource: R) => R;
  /** Marks such a subnet, and one that only private endpoints use; what its own name or delegation said is kept. */
  readonly subnet: (subnet: Subnet) => Subnet;
}

/** Works out ownership from the resource groups, the private endpoints and the machines of the input. */
export function ownershipOf(resources: Resources, interfaces: ReadonlyMap<ResourceKey, Interface>): Ownership {
  const managedGroups = new Set(
    ['microsoft.resources/resourcegroups', 'microsoft.resources/subscriptions/resourcegroups']
      .flatMap(resources.of)
      .flatMap(({ id, json }) => (textOf(json.managedBy) ? keyOf(id) : [])),
  );
  const withMachines = new Set([...interfaces.values()].flatMap((nic) => nic.ipConfigurations.map((ip) => ip.subnet)));
  const withEndpoints = new Set([...namedByEndpoints(resources), ...namingEndpoints(resources)]);
  const reasonFor = (id: string): string | undefined =>
    managedGroups.size > 0 && managedGroups.has(keyOf(id).split('/').slice(0, 5).join('/'))
      ? 'in a resource group managed by a service'
      : undefined;
  return {
    resource: (resource) => mark(resource, reasonFor(resource.id)),
    subnet(subnet) {
      const key = keyOf(subnet.id);
      const isOnlyEndpoints = withEndpoints.has(key) && !withMachines.has(key);
      return mark(subnet, isOnlyEndpoints ? 'private endpoints only' : reasonFor(subnet.id));
    },
  };
}

function namedByEndpoints(resources: Resources): ResourceKey[] {
  return resources
    .of('microsoft.network/privateendpoints')
    .flatMap(({ json }) => keyIn(propertiesOf(json).subnet) ?? []);
}

/** Live subnets refer back to the private endpoints in them. */
function namingEndpoints(resources: Resources): ResourceKey[] {
  const type = 'microsoft.network/virtualnetworks';
  const embedded = resources.of(type).flatMap(({ json }) => listOf(propertiesOf(json).subnets));
  const own = resources.of(`${type}/subnets`).map(({ id, json }) => ({ ...json, id }));
  return [...embedded, ...own].flatMap((subnet) => {
    const id = referenceOf(subnet);
    return id !== undefined && listOf(propertiesOf(subnet).privateEndpoints).length > 0 ? keyOf(id) : [];
  });
}

/** What the resource's own name or delegation said is kept. */
function mark<R extends Owned>(resource: R, reason: string | undefined): R {
  return resource.platformManaged !== undefined || reason === undefined
    ? resource
    : { ...resource, platformManaged: reason };
}
