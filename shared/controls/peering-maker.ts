/** Peerings that a service makes and keeps: to change one by hand is to quarrel with the service. */
import type { Peering } from '../network/network';

const MAKERS = {
  'network-manager':
    'Azure Virtual Network Manager made the peering and would make it again: change its connectivity configuration',
  'virtual-wan': 'a virtual WAN made the peering and keeps it: change the connection at its virtual hub',
} as const;

/** Why only a person can change these, if a service made one of them. */
export function makerAlone(peerings: readonly Peering[]): string | undefined {
  const made = peerings.find(({ managedBy }) => managedBy !== undefined);
  return made?.managedBy && MAKERS[made.managedBy];
}
