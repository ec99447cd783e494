// The resource types that the local Azure models: one line each.
import { sameText } from '../json';
import { bastionHost } from './bastion-host';
import type { ResourceKind } from './kind';
import { networkInterface } from './network-interface';
import { networkSecurityGroup } from './network-security-group';
import { publicIpAddress } from './public-ip-address';
import { virtualMachine } from './virtual-machine';
import { virtualNetwork } from './virtual-network';

const KINDS: readonly ResourceKind[] = [
  bastionHost,
  networkInterface,
  networkSecurityGroup,
  publicIpAddress,
  virtualMachine,
  virtualNetwork,
];

/** The kind for a type name in any casing. */
export function kindOf(type: string): ResourceKind | undefined {
  return KINDS.find((kind) => sameText(kind.type, type));
}
