/** Who reaches the machine behind nsg-app, in the second opinion of `packet.ts`. */
import { decide, type Verdict } from './packet';
import { addresses, virtualNetwork } from './scene';

const adminPorts = [22, 3389];

/** The verdict of `group` (ARM JSON) on a packet from `source` to the machine. */
export function verdictOn(group: unknown, source: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Verdict {
  return decide(group, { source, destination: addresses.vm, port, protocol }, virtualNetwork);
}

/** Those of `sources` that get through. */
export function getThrough(group: unknown, sources: readonly string[], port: number): string[] {
  return sources.filter((source) => verdictOn(group, source, port).allowed);
}

/** Whether Bastion reaches every admin port, with the first and the last address of its subnet. */
export function bastionReaches(group: unknown): boolean {
  return adminPorts.every((port) => getThrough(group, addresses.bastion, port).length === addresses.bastion.length);
}
