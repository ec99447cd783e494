// The resource types that the local Azure models: one line each.
import { bastionHost } from './bastion-host';
import type { ResourceKind } from './kind';
import { loadBalancer } from './load-balancer';
import { networkInterface } from './network-interface';
import { networkSecurityGroup } from './network-security-group';
import { plainKinds } from './plain-kinds';
import { publicIpAddress } from './public-ip-address';
import { routeTable } from './route-table';
import { virtualNetwork } from './virtual-network';

const KINDS: readonly ResourceKind[] = [
  bastionHost,
  loadBalancer,
  networkInterface,
  networkSecurityGroup,
  publicIpAddress,
  routeTable,
  virtualNetwork,
  ...plainKinds,
];

const BY_TYPE = new Map(KINDS.map((kind) => [kind.type.toLowerCase(), kind]));

/** The kind for a type name in any casing; a child that is kept apart has a kind of its own. */
export function kindOf(type: string): ResourceKind | undefined {
  return BY_TYPE.get(type.toLowerCase());
}

/** True when resources of the type are kept beside their parent, with an etag of their own. */
export function standsApart(kind: ResourceKind): boolean {
  return kind.type.split('/').length > 2;
}
