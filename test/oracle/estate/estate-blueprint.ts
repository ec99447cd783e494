// An estate as small numbers and flags. Any combination makes sense, so that a failing one can be shrunk freely.
import type { Reference, SecurityGroupResource } from '../arm';
import type { ManagerBlueprint } from './build-manager';
import { foreign, space } from './address-plan';

export interface EstateBlueprint {
  readonly networks: readonly NetworkBlueprint[];
  readonly peerings: readonly PeeringBlueprint[];
  readonly interfaces: readonly InterfaceBlueprint[];
  readonly groups: readonly SecurityGroupResource[];
  readonly hasBastion: boolean;
  /** The group on the AzureBastionSubnet, by its number in `groups`. */
  readonly bastionGroup?: number;
  /** References are written in capitals, which ARM takes for the same id. */
  readonly shoutsReferences: boolean;
  readonly scaleSets?: readonly ScaleSetBlueprint[];
  /** A VPN gateway in the hub, which peerings with transit share. */
  readonly hasGateway?: boolean;
  readonly manager?: ManagerBlueprint | undefined;
}

export interface NetworkBlueprint {
  readonly hasSecondSpace: boolean;
  readonly hasPublicSpace: boolean;
  readonly hasIpv6: boolean;
  readonly subnets: readonly SubnetBlueprint[];
}

export interface SubnetBlueprint {
  readonly length: number;
  readonly isDualStack: boolean;
  readonly isPlural: boolean;
  readonly group: number | undefined;
  /** The prefixes of the routes in its route table; none: no table. */
  readonly routes?: readonly string[];
}

/** `to` may be the number after the last network, which is the foreign one. An end that is nowhere makes no peering. */
export interface PeeringBlueprint {
  readonly from: number;
  readonly to: number;
  readonly state: string | undefined;
  readonly allowVirtualNetworkAccess: boolean | undefined;
  readonly allowForwardedTraffic: boolean;
  readonly isMutual: boolean;
  /** The first network lends its gateway to the second, as far as both ends are there. */
  readonly isTransit?: boolean;
}

/** `subnet` counts through all VM subnets of the estate, round and round. */
export interface InterfaceBlueprint {
  readonly subnet: number;
  readonly group: number | undefined;
  readonly applicationGroups: readonly number[];
  readonly second: 'none' | 'ipv4' | 'ipv6';
  readonly publicAddress: 'none' | 'Standard' | 'Basic';
}

/** `subnet` counts as for interfaces. */
export interface ScaleSetBlueprint {
  readonly subnet: number;
  readonly group: number | undefined;
  readonly applicationGroups: readonly number[];
  readonly hasIpv6: boolean;
  readonly publicAddress: 'none' | 'Standard' | 'Basic';
}

/** The address space of a network of the estate, or of the foreign one. */
export function addressPrefixes({ networks }: EstateBlueprint, at: number): string[] {
  const network = networks[at];
  if (!network) return [foreign.prefix];
  return [
    space.ipv4(at),
    ...(network.hasSecondSpace ? [space.second(at)] : []),
    ...(network.hasPublicSpace ? [space.publicInside(at)] : []),
    ...(network.hasIpv6 ? [space.ipv6(at)] : []),
  ];
}

export function isDualStack({ networks }: EstateBlueprint, at: number, subnet: number): boolean {
  const network = networks[at];
  return network?.hasIpv6 === true && network.subnets[subnet]?.isDualStack === true;
}

export function groupReference(
  blueprint: EstateBlueprint,
  group: number | undefined,
): { networkSecurityGroup?: Reference } {
  const id = group === undefined ? undefined : blueprint.groups[group]?.id;
  return id === undefined ? {} : { networkSecurityGroup: reference(blueprint, id) };
}

export function reference({ shoutsReferences }: EstateBlueprint, id: string): Reference {
  return { id: shoutsReferences ? id.toUpperCase() : id };
}
