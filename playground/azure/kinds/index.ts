// The resource types that the local Azure models: one line each.
import { applicationSecurityGroup } from './application-security-group';
import { bastionHost } from './bastion-host';
import type { ResourceKind } from './kind';
import { machineExtension } from './machine-extension';
import { loadBalancer } from './load-balancer';
import { networkInterface } from './network-interface';
import { networkSecurityGroup } from './network-security-group';
import { plainKinds } from './plain-kinds';
import { publicIpAddress } from './public-ip-address';
import { routeTable } from './route-table';
import { scaleSet } from './scale-set';
import { virtualMachine } from './virtual-machine';
import { virtualNetwork } from './virtual-network';
import { hasNoPatch } from './wire-shape';

const KINDS: readonly ResourceKind[] = [
  applicationSecurityGroup,
  bastionHost,
  loadBalancer,
  networkInterface,
  networkSecurityGroup,
  publicIpAddress,
  routeTable,
  virtualMachine,
  machineExtension,
  scaleSet,
  virtualNetwork,
  ...plainKinds,
];

const BY_TYPE = new Map(KINDS.map((kind) => [kind.type.toLowerCase(), kind]));

/** The kind for a type name in any casing; a child that is kept apart has a kind of its own. */
export function kindOf(type: string): ResourceKind | undefined {
  return BY_TYPE.get(type.toLowerCase());
}

/** Every kind, in the order of the table. */
export function allKinds(): readonly ResourceKind[] {
  return KINDS;
}

/** True when resources of the type are kept beside their parent, with an etag of their own. */
export function standsApart(kind: ResourceKind): boolean {
  return kind.type.split('/').length > 2;
}

/** True when a PATCH of the type is answered: the network provider updates tags, and only of what has a location. */
export function isPatched(kind: ResourceKind): boolean {
  return kind.writable && !hasNoPatch(kind.type) && (kind.merge !== undefined || !standsApart(kind));
}
