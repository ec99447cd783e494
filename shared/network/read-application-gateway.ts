/** TCP and TLS listeners of an Application Gateway as forwardings: a proxy, so machines see the gateway's own subnet. */
import { type AddressSet, NO_ADDRESS, parsePrefix, unionOf } from './address';
import { type ArmResource, childId, type Resources } from './arm-resource';
import type { Forwarding, Targets } from './forwarding';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import { keyOf, nameOf, parentIdOf, type ResourceKey, type Subnet } from './network';
import { portsOf } from './port';
import { keyIn, keysOf } from './read-prefixes';
import { UNKNOWN_NETWORK } from './service-tag';

/** Reads the layer 4 rules of one gateway (https://learn.microsoft.com/azure/application-gateway/tcp-tls-proxy-overview). */
export function readApplicationGateway(
  { id, json }: ArmResource,
  resources: Resources,
  subnets: ReadonlyMap<ResourceKey, Subnet>,
): Forwarding[] {
  const properties = propertiesOf(json);
  const child = (collection: string, reference: unknown): JsonObject => {
    const key = keyIn(reference);
    const found = listOf(properties[collection]).find((entry) => keyOf(childId(id, collection, entry)) === key);
    return propertiesOf(found);
  };
  const subnet = listOf(properties.gatewayIPConfigurations).flatMap(
    (entry) => keyIn(propertiesOf(entry).subnet) ?? [],
  )[0];
  const seenAs = (subnet === undefined ? undefined : subnets.get(subnet)?.prefixes) ?? UNKNOWN_NETWORK;
  return listOf(properties.routingRules).flatMap((entry) => {
    const rule = propertiesOf(entry);
    const listener = child('listeners', rule.listener);
    const settings = child('backendSettingsCollection', rule.backendSettings);
    const frontendPort = Number(child('frontendPorts', listener.frontendPort).port);
    const backendPort = Number(settings.port ?? frontendPort);
    if (!(backendPort > 0)) return [];
    const pool = keyIn(rule.backendAddressPool) ?? '';
    const ruleId = childId(id, 'routingRules', entry);
    return {
      kind: 'application-gateway',
      id: ruleId,
      name: `${nameOf(id)}/${nameOf(ruleId)}`,
      ...frontendOf(child('frontendIPConfigurations', listener.frontendIPConfiguration), resources, nameOf(id)),
      protocols: ['tcp'],
      frontendPorts: portsOf([frontendPort || backendPort]),
      backendPort,
      targets: targetsOf(pool, child('backendAddressPools', { id: pool })),
      seenAs,
      ...(subnet && { home: keyOf(parentIdOf(subnet)) }),
      isClosedByDefault: false,
      ...(isObject(json.properties) && {
        madeBy: { resource: id, path: ['properties', 'routingRules', { named: nameOf(ruleId) }] },
      }),
    };
  });
}

function frontendOf(
  frontend: JsonObject,
  resources: Resources,
  fallback: string,
): Pick<Forwarding, 'frontend' | 'isPublic'> {
  const publicIp = keyIn(frontend.publicIPAddress);
  if (publicIp === undefined) return { frontend: textOf(frontend.privateIPAddress) ?? fallback, isPublic: false };
  return {
    frontend: textOf(propertiesOf(resources.get(publicIp)?.json).ipAddress) ?? nameOf(publicIp),
    isPublic: true,
  };
}

function targetsOf(key: ResourceKey, pool: JsonObject): Targets {
  const addresses = listOf(pool.backendAddresses).map(
    (entry): AddressSet => parsePrefix(textOf(objectOf(entry).ipAddress) ?? '') ?? NO_ADDRESS,
  );
  return { pools: [key], ipConfigurations: keysOf(pool.backendIPConfigurations), addresses: unionOf(addresses) };
}
