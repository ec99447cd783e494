// The raw JSON of what can widen a network beyond its own space and its peers: user routes, and gateways with their connections.
import type { AddressSpace, ArmResource, Reference } from './arm';
import { sameId } from './arm';

export interface RouteTableResource extends ArmResource {
  readonly properties: {
    readonly routes?: readonly {
      readonly id?: string;
      readonly name: string;
      readonly properties: {
        readonly addressPrefix: string;
        readonly nextHopType: string;
        readonly nextHopIpAddress?: string;
      };
    }[];
  };
}

export interface GatewayResource extends ArmResource {
  readonly properties: {
    readonly gatewayType?: string;
    readonly enableBgp?: boolean;
    readonly ipConfigurations: readonly {
      readonly name: string;
      readonly properties: { readonly subnet: Reference };
    }[];
    readonly vpnClientConfiguration?: { readonly vpnClientAddressPool?: AddressSpace };
  };
}

export interface LocalGatewayResource extends ArmResource {
  readonly properties: { readonly localNetworkAddressSpace: AddressSpace };
}

export interface ConnectionResource extends ArmResource {
  readonly properties: {
    readonly connectionType: string;
    readonly virtualNetworkGateway1: Reference;
    readonly virtualNetworkGateway2?: Reference;
    readonly localNetworkGateway2?: Reference;
  };
}

export function isRouteTable(resource: ArmResource): resource is RouteTableResource {
  return sameId(resource.type, 'Microsoft.Network/routeTables');
}

export function isGateway(resource: ArmResource): resource is GatewayResource {
  return sameId(resource.type, 'Microsoft.Network/virtualNetworkGateways');
}

export function isLocalGateway(resource: ArmResource): resource is LocalGatewayResource {
  return sameId(resource.type, 'Microsoft.Network/localNetworkGateways');
}

export function isConnection(resource: ArmResource): resource is ConnectionResource {
  return sameId(resource.type, 'Microsoft.Network/connections');
}
