// Microsoft.Network/networkInterfaces: IP configurations, security group, the machine they belong to.
import { refuse } from '../arm-error';
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt, without } from '../json';
import { usersOf } from './back-references';
import { childOf } from './children';
import { checkMemberships, checkPublicIp, privateAddress } from './ip-configuration';
import type { ResourceKind, WriteContext } from './kind';
import { checkName, checkUniqueNames } from './name-rule';
import { requireResource } from './references';

const TYPE = 'Microsoft.Network/networkInterfaces';
const READ_ONLY = ['resourceGuid', 'provisioningState', 'macAddress', 'primary', 'virtualMachine'];

function macAddress(guid: string): string {
  const digits = guid.replaceAll('-', '').slice(0, 6).toUpperCase();
  return `00-0D-3A-${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`;
}

function memberships(configuration: JsonObject | undefined): unknown[] {
  const keys = ['applicationSecurityGroups', 'loadBalancerBackendAddressPools', 'loadBalancerInboundNatRules'];
  return keys.map((key) => listAt(configuration, 'properties', key).map((entry) => textAt(entry, 'id')));
}

function prepareConfigurations(body: JsonObject, write: WriteContext): JsonObject[] {
  const configurations = listAt(body, 'properties', 'ipConfigurations');
  if (configurations.length === 0) {
    throw refuse(
      'NetworkInterfaceMustHaveAtLeastOneIpConfiguration',
      `Network interface ${write.id} must have at least one IP configuration.`,
    );
  }
  checkUniqueNames(
    configurations.map((entry) => textAt(entry, 'name') ?? ''),
    write.id,
  );
  const before = listAt(write.before?.body, 'properties', 'ipConfigurations');
  const ownIds = [...before, ...configurations].map(
    (entry) => `${write.id}/ipConfigurations/${textAt(entry, 'name') ?? ''}`,
  );
  return configurations.map((configuration, index) => {
    checkName(textAt(configuration, 'name'));
    const child = childOf(write.id, TYPE, 'ipConfigurations', configuration);
    const id = textAt(child, 'id') ?? '';
    checkPublicIp(child, ownIds, id, write.estate);
    const standing = before.find((entry) => sameText(textAt(entry, 'name'), textAt(child, 'name')));
    // An estate file may refer to what it does not hold; that is no obstacle to changing the rest.
    if (JSON.stringify(memberships(child)) !== JSON.stringify(memberships(standing)))
      checkMemberships(child, id, write.estate);
    const address =
      textAt(child, 'properties', 'privateIPAddress') ?? textAt(standing, 'properties', 'privateIPAddress');
    const wanted = { ...child, properties: { ...objectAt(child, 'properties'), privateIPAddress: address } };
    const assigned = privateAddress(wanted, ownIds, id, write.estate);
    return {
      ...child,
      properties: {
        privateIPAllocationMethod: 'Dynamic',
        privateIPAddressVersion: 'IPv4',
        primary: index === 0,
        ...objectAt(child, 'properties'),
        ...(assigned ? { privateIPAddress: assigned } : {}),
      },
    };
  });
}

function keep(
  body: JsonObject,
  configurations: readonly JsonObject[],
  carried: JsonObject,
  write: WriteContext,
): JsonObject {
  return {
    provisioningState: 'Succeeded',
    resourceGuid: carried.resourceGuid ?? write.guid(),
    dnsSettings: { dnsServers: [], appliedDnsServers: [] },
    enableAcceleratedNetworking: false,
    enableIPForwarding: false,
    hostedWorkloads: [],
    tapConfigurations: [],
    nicType: 'Standard',
    ...without(objectAt(body, 'properties'), READ_ONLY),
    macAddress: carried.macAddress ?? macAddress(write.guid()),
    ipConfigurations: configurations,
    // A machine that only the estate file knows of; one that stands here is found afresh on every read.
    ...(carried.virtualMachine && !write.estate.find(textAt(carried, 'virtualMachine', 'id') ?? '')
      ? { virtualMachine: carried.virtualMachine }
      : {}),
  };
}

/** A machine's only interface is its primary one; among several it says which. */
function isPrimary(id: string, machine: JsonObject | undefined): boolean {
  const interfaces = listAt(machine, 'properties', 'networkProfile', 'networkInterfaces');
  const own = interfaces.find((entry) => sameText(textAt(entry, 'id'), id));
  return interfaces.length === 1 || objectAt(own, 'properties').primary === true;
}

export const networkInterface: ResourceKind = {
  type: TYPE,
  writable: true,
  children: [{ name: 'ipConfigurations', readOnly: true }],
  prepare(body, write) {
    const groupId = textAt(body, 'properties', 'networkSecurityGroup', 'id');
    if (groupId) requireResource(write.estate, write.id, groupId, 'Microsoft.Network/networkSecurityGroups');
    return keep(body, prepareConfigurations(body, write), objectAt(write.before?.body, 'properties'), write);
  },
  load(body, write) {
    const configurations = listAt(body, 'properties', 'ipConfigurations').map((configuration) =>
      childOf(write.id, TYPE, 'ipConfigurations', configuration),
    );
    return keep(body, configurations, objectAt(body, 'properties'), write);
  },
  view(stored, estate) {
    const properties = objectAt(stored.body, 'properties');
    const [machine] = usersOf('machineWithInterface', stored.id, estate);
    if (!machine) return properties;
    const primary = isPrimary(stored.id, estate.exactly(machine.id)?.body);
    return { ...properties, primary, virtualMachine: { id: machine.id } };
  },
  checkDelete(stored, estate) {
    const machine = textAt(this.view(stored, estate), 'virtualMachine', 'id');
    if (!machine) return;
    throw refuse(
      'NicInUse',
      `Network Interface ${stored.id} is used by existing resource ${machine}. In order to delete the network ` +
        'interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.',
    );
  },
};
