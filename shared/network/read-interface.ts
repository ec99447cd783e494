/** Interfaces and public IPs from ARM's JSON. */
import { type Family, parseAddress } from './address';
import { listOf, objectOf, propertiesOf, referenceOf, textOf } from './json';
import { type Gap, type Interface, type IpConfiguration, keyOf, nameOf, type PublicIp } from './network';
import { keysOf, readReference } from './read-prefixes';

/** Reads a network interface with its IP configurations; undefined for one that serves a private endpoint. */
export function readInterface(id: string, json: unknown, gaps: Gap[]): Interface | undefined {
  const properties = propertiesOf(json);
  if (referenceOf(properties.privateEndpoint) || referenceOf(properties.privateLinkService)) return undefined;
  const securityGroup = readReference(id, properties.networkSecurityGroup, 'security group', gaps);
  const machine = referenceOf(properties.virtualMachine);
  return {
    id,
    name: textOf(objectOf(json).name) ?? nameOf(id),
    ...(machine && { virtualMachine: machine }),
    ...(securityGroup && { securityGroup: keyOf(securityGroup) }),
    ipConfigurations: listOf(properties.ipConfigurations).map((entry, index) =>
      readIpConfiguration(id, entry, index, gaps),
    ),
  };
}

/** Reads one IP configuration of an interface, or of the interfaces that a scale set will make. */
export function readIpConfiguration(interfaceId: string, json: unknown, index: number, gaps: Gap[]): IpConfiguration {
  const properties = propertiesOf(json);
  const name = textOf(objectOf(json).name) ?? `ipconfig${index + 1}`;
  const id = textOf(objectOf(json).id) ?? `${interfaceId}/ipConfigurations/${name}`;
  const text = textOf(properties.privateIPAddress);
  const address = text === undefined ? undefined : parseAddress(text);
  const subnet = readReference(id, properties.subnet, 'subnet', gaps);
  const publicIp = readReference(id, properties.publicIPAddress, 'public IP', gaps);
  if (!subnet && properties.subnet === undefined) {
    gaps.push({
      resource: id,
      what: 'missing-subnet',
      why: 'the IP configuration names no subnet',
      touchesAdminPort: true,
    });
  }
  if (text !== undefined && !address) {
    gaps.push({
      resource: id,
      what: 'bad-address',
      why: `'${text.slice(0, 80)}' is not an IP address`,
      touchesAdminPort: true,
    });
  }
  return {
    id,
    name,
    ...(address && { address }),
    ...(subnet && { subnet: keyOf(subnet) }),
    ...(publicIp && { publicIp: keyOf(publicIp) }),
    ...familyOf(properties.privateIPAddressVersion ?? 'IPv4'),
    applicationGroups: keysOf(properties.applicationSecurityGroups),
    pools: [
      ...keysOf(properties.loadBalancerBackendAddressPools),
      ...keysOf(properties.loadBalancerInboundNatRules),
      ...keysOf(properties.loadBalancerInboundNatPools),
      ...keysOf(properties.applicationGatewayBackendAddressPools),
    ],
  };
}

/** Reads a public IP. Without a SKU it is Basic, ARM's own default, and open until a rule says otherwise. */
export function readPublicIp(id: string, json: unknown): PublicIp {
  const properties = propertiesOf(json);
  const sku = textOf(objectOf(objectOf(json).sku).name)?.toLowerCase();
  const address = textOf(properties.ipAddress);
  const attachedTo = referenceOf(properties.ipConfiguration) ?? referenceOf(properties.natGateway);
  const isStandard = sku === 'standard' || sku === 'standardv2';
  const allocation = textOf(properties.publicIPAllocationMethod)?.toLowerCase();
  return {
    id,
    name: textOf(objectOf(json).name) ?? nameOf(id),
    sku: isStandard ? 'standard' : 'basic',
    ...(address === undefined
      ? familyOf(properties.publicIPAddressVersion)
      : familyOf(address.includes(':') ? 'IPv6' : 'IPv4')),
    ...(address && { address }),
    ...(attachedTo && { attachedTo }),
    // A Standard address cannot be anything but static.
    isStatic: allocation === undefined ? isStandard : allocation === 'static',
  };
}

function familyOf(version: unknown): { family?: Family } {
  const text = typeof version === 'string' ? version.toLowerCase() : '';
  return text === 'ipv4' || text === 'ipv6' ? { family: text } : {};
}
