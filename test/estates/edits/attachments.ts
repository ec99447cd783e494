/** Edits to what hangs on what: groups on subnets, public IPs on interfaces, route tables, new subnets and machines. */
import { at, textAt } from '../../../playground/json';
import { machineAddress } from '../arm-id';
import { securityRule } from '../build/security-group';
import type { Resource } from '../build/resource';
import {
  byId,
  childrenOf,
  chosen,
  idOf,
  machineGroups,
  machineSubnets,
  type MakeEdit,
  networks,
  ofType,
  put,
  subnets,
  withProperties,
  type Write,
} from './edit';

function groupOf(holder: unknown): string {
  return textAt(holder, 'properties', 'networkSecurityGroup', 'id');
}

/** The holder's PUT without its group. */
function detach(holder: Resource): Write {
  return put(holder, { networkSecurityGroup: undefined });
}

export const detachGroup: MakeEdit = (resources, { which }) => {
  const subnet = chosen(machineSubnets(resources), which);
  return subnet && groupOf(subnet) !== '' ? { writes: [detach(subnet)] } : undefined;
};

export const detachInterfaceGroup: MakeEdit = (resources, { which }) => {
  const nics = ofType(resources, 'Microsoft.Network/networkInterfaces').filter((each) => groupOf(each) !== '');
  const nic = chosen(nics, which);
  return nic && { writes: [detach(nic)] };
};

/** Azure lets go of a group only once nobody holds it. */
export const deleteGroup: MakeEdit = (resources, { which }) => {
  const group = chosen(machineGroups(resources), which);
  if (!group) return undefined;
  const holders = [...subnets(resources), ...ofType(resources, 'Microsoft.Network/networkInterfaces')].filter(
    (holder) => groupOf(holder).toLowerCase() === idOf(group).toLowerCase(),
  );
  return { writes: [...holders.map(detach), { method: 'DELETE', id: idOf(group) }] };
};

/** Another group in its place, which lets everybody in. */
export const swapGroup: MakeEdit = (resources, { which }) => {
  const subnet = chosen(machineSubnets(resources), which);
  const group = subnet && byId(resources, groupOf(subnet));
  if (!subnet || !group) return undefined;
  const id = `${idOf(group)}-quick`;
  const { location, type } = group;
  const securityRules = [securityRule('allow-all', 100, { protocol: '*' })];
  const body = { id, name: `${textAt(group, 'name')}-quick`, type, location, properties: { securityRules } };
  return { writes: [{ method: 'PUT', id, body }, put(subnet, { networkSecurityGroup: { id } })] };
};

function groupPath(id: string): string {
  return id.split('/').slice(0, 5).join('/').toLowerCase();
}

export const attachPublicIp: MakeEdit = (resources, { which }) => {
  const nic = chosen(ofType(resources, 'Microsoft.Network/networkInterfaces'), which);
  const spare = ofType(resources, 'Microsoft.Network/publicIPAddresses').find(
    (each) =>
      textAt(each, 'name').startsWith('pip-spare') &&
      at(each, 'properties', 'ipConfiguration') === undefined &&
      groupPath(idOf(each)) === groupPath(idOf(nic)),
  );
  const [first, ...others] = childrenOf(nic, 'ipConfigurations');
  if (!nic || !spare || !first || at(first, 'properties', 'publicIPAddress') !== undefined) return undefined;
  const attached = withProperties(first, { publicIPAddress: { id: idOf(spare) } });
  return { writes: [put(nic, { ipConfigurations: [attached, ...others] })] };
};

/** Legitimate: traffic of a subnet is led elsewhere, and nobody new gets in. */
export const routeSubnet: MakeEdit = (resources, { which }) => {
  const subnet = chosen(machineSubnets(resources), which);
  const table = ofType(resources, 'Microsoft.Network/routeTables').find(
    (each) => textAt(each, 'name').startsWith('rt-spare') && groupPath(idOf(each)) === groupPath(idOf(subnet)),
  );
  if (!subnet || !table || at(subnet, 'properties', 'routeTable') !== undefined) return undefined;
  const [id, wanted] = [idOf(subnet), idOf(table)];
  return {
    writes: [put(subnet, { routeTable: { id: wanted } })],
    lasts: (now) =>
      subnets(now).some((each) => idOf(each) === id && textAt(each, 'properties', 'routeTable', 'id') === wanted),
  };
};

/** A subnet with the group of a neighbour. */
export const addSubnet: MakeEdit = (resources, { which, how }) => {
  const network = chosen(networks(resources), which);
  const neighbour = childrenOf(network, 'subnets').find(
    (each) => textAt(each, 'name').startsWith('snet-') && groupOf(each) !== '',
  );
  if (!network || !neighbour) return undefined;
  const name = `snet-new-${how % 100}`;
  const id = `${idOf(network)}/subnets/${name}`;
  const number = textAt(network, 'name').slice('vnet-'.length);
  const addressPrefix = `10.${number}.${100 + (how % 100)}.0/24`;
  const body = { name, properties: { addressPrefix, networkSecurityGroup: { id: groupOf(neighbour) } } };
  return { writes: [{ method: 'PUT', id, body }], lasts: (now) => subnets(now).some((each) => idOf(each) === id) };
};

/** The same without a group: open to whoever is in the network. */
export const addBareSubnet: MakeEdit = (resources, choice) => {
  const edit = addSubnet(resources, choice);
  const [write] = edit?.writes ?? [];
  return (
    write?.body && { writes: [{ ...write, body: withProperties(write.body, { networkSecurityGroup: undefined }) }] }
  );
};

/** One more interface in a subnet, behind its group. */
export const addInterface: MakeEdit = (resources, { which, how }) => {
  const subnet = chosen(machineSubnets(resources), which);
  if (!subnet) return undefined;
  const [, network = '0', third = '0'] =
    /^10\.(\d+)\.(\d+)\./.exec(textAt(subnet, 'properties', 'addressPrefix')) ?? [];
  const name = `nic-new-${third}-${how % 100}`;
  const id = `${idOf(subnet).replace(/\/virtualNetworks\/.*/, '')}/networkInterfaces/${name}`;
  const properties = {
    subnet: { id: idOf(subnet) },
    privateIPAddress: machineAddress(Number(network), Number(third), 50 + (how % 100)),
    privateIPAllocationMethod: 'Static',
  };
  const body = { location: 'westeurope', properties: { ipConfigurations: [{ name: 'ipconfig1', properties }] } };
  return { writes: [{ method: 'PUT', id, body }], lasts: (now) => byId(now, id) !== undefined };
};

/** Words on a resource, by a PUT of all of it. */
export const tagResource: MakeEdit = (resources, { which, how }) => {
  const resource = chosen(
    [...networks(resources), ...machineGroups(resources), ...ofType(resources, 'Microsoft.Network/networkInterfaces')],
    which,
  );
  if (!resource) return undefined;
  const [id, ticket] = [idOf(resource), `T-${how}`];
  const tags = { ...(resource.tags as Resource | undefined), ticket };
  return {
    writes: [{ method: 'PUT', id, body: { ...resource, tags } }],
    lasts: (now) => textAt(byId(now, id), 'tags', 'ticket') === ticket,
  };
};
