// References that Azure computes: who points at a security group, a public IP, a subnet or an interface.
import type { EstateView } from '../estate';
import type { JsonObject } from '../json';
import { listAt, textAt } from '../json';

export interface Reference {
  readonly id: string;
}

interface Standing extends Reference {
  readonly address?: string;
}

interface Index {
  readonly revision: number;
  readonly subnetsByGroup: Map<string, Reference[]>;
  readonly interfacesByGroup: Map<string, Reference[]>;
  readonly configurationsBySubnet: Map<string, Standing[]>;
  readonly configurationByPublicIp: Map<string, Reference[]>;
  readonly machineByInterface: Map<string, Reference[]>;
}

/** One index per state of an estate: an estate of thousands is listed far more often than it is written. */
const indexes = new WeakMap<EstateView, Index>();

function add<T>(index: Map<string, T[]>, key: string | undefined, entry: T): void {
  if (key === undefined) return;
  const lower = key.toLowerCase();
  const entries = index.get(lower);
  if (entries) entries.push(entry);
  else index.set(lower, [entry]);
}

function addConfiguration(index: Index, id: string, configuration: JsonObject): void {
  const address = textAt(configuration, 'properties', 'privateIPAddress');
  add(
    index.configurationsBySubnet,
    textAt(configuration, 'properties', 'subnet', 'id'),
    address ? { id, address } : { id },
  );
  add(index.configurationByPublicIp, textAt(configuration, 'properties', 'publicIPAddress', 'id'), { id });
}

function buildIndex(estate: EstateView): Index {
  const index: Index = {
    revision: estate.revision(),
    subnetsByGroup: new Map(),
    interfacesByGroup: new Map(),
    configurationsBySubnet: new Map(),
    configurationByPublicIp: new Map(),
    machineByInterface: new Map(),
  };
  for (const network of estate.all('Microsoft.Network/virtualNetworks')) {
    for (const subnet of listAt(network.body, 'properties', 'subnets')) {
      const id = `${network.id}/subnets/${textAt(subnet, 'name') ?? ''}`;
      add(index.subnetsByGroup, textAt(subnet, 'properties', 'networkSecurityGroup', 'id'), { id });
    }
  }
  for (const { id, body } of estate.all('Microsoft.Network/networkInterfaces')) {
    add(index.interfacesByGroup, textAt(body, 'properties', 'networkSecurityGroup', 'id'), { id });
    for (const configuration of listAt(body, 'properties', 'ipConfigurations')) {
      addConfiguration(index, `${id}/ipConfigurations/${textAt(configuration, 'name') ?? ''}`, configuration);
    }
  }
  for (const { id, body } of estate.all('Microsoft.Network/bastionHosts')) {
    for (const configuration of listAt(body, 'properties', 'ipConfigurations')) {
      addConfiguration(
        index,
        `${id}/bastionHostIpConfigurations/${textAt(configuration, 'name') ?? ''}`,
        configuration,
      );
    }
  }
  for (const { id, body } of estate.all('Microsoft.Compute/virtualMachines')) {
    for (const reference of listAt(body, 'properties', 'networkProfile', 'networkInterfaces')) {
      add(index.machineByInterface, textAt(reference, 'id'), { id });
    }
  }
  return index;
}

function indexOf(estate: EstateView): Index {
  const known = indexes.get(estate);
  if (known && known.revision === estate.revision()) return known;
  const built = buildIndex(estate);
  indexes.set(estate, built);
  return built;
}

/** References written in an estate file to resources that the file does not hold; nothing here can recompute them. */
export function foreignReferences(value: unknown, estate: EstateView): Reference[] {
  return listAt({ value }, 'value')
    .map((entry) => textAt(entry, 'id'))
    .filter((id): id is string => id !== undefined && estate.find(id) === undefined)
    .map((id) => ({ id }));
}

/** The subnets that carry the security group. */
export function subnetsWithGroup(groupId: string, estate: EstateView): readonly Reference[] {
  return indexOf(estate).subnetsByGroup.get(groupId.toLowerCase()) ?? [];
}

/** The interfaces that carry the security group. */
export function interfacesWithGroup(groupId: string, estate: EstateView): readonly Reference[] {
  return indexOf(estate).interfacesByGroup.get(groupId.toLowerCase()) ?? [];
}

/** The IP configuration a public IP is attached to, under the id by which Azure refers back to it. */
export function configurationWithPublicIp(publicIpId: string, estate: EstateView): Reference | undefined {
  return indexOf(estate).configurationByPublicIp.get(publicIpId.toLowerCase())?.[0];
}

/** The IP configurations that stand in a subnet, each with its private address if it has one. */
export function configurationsInSubnet(subnetId: string, estate: EstateView): readonly Standing[] {
  return indexOf(estate).configurationsBySubnet.get(subnetId.toLowerCase()) ?? [];
}

/** The virtual machine an interface belongs to. */
export function machineWithInterface(interfaceId: string, estate: EstateView): Reference | undefined {
  return indexOf(estate).machineByInterface.get(interfaceId.toLowerCase())?.[0];
}
