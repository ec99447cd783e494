/** What a public IP sits on, by the id of its attachment. */
import type { PUBLIC_IP_KINDS } from '../policy/network-section';

type PublicIpKind = (typeof PUBLIC_IP_KINDS)[number];

const KINDS: Readonly<Record<string, PublicIpKind | 'interface'>> = {
  bastionhosts: 'bastion',
  virtualnetworkgateways: 'virtual-network-gateway',
  azurefirewalls: 'firewall',
  loadbalancers: 'load-balancer',
  natgateways: 'nat-gateway',
  applicationgateways: 'application-gateway',
  networkinterfaces: 'interface',
  virtualmachinescalesets: 'interface',
};

/**
 * The kind of `…/providers/Microsoft.Network/natGateways/n` or of any child of it: a kind the policy can name,
 * `interface`, or Azure's own word for anything else, bounded to 80 characters.
 */
export function publicIpKindOf(attachedTo: string): string {
  const type = /\/providers\/[^/]+\/([^/]+)\//i.exec(`${attachedTo}/`)?.[1] ?? 'unknown';
  return KINDS[type.toLowerCase()] ?? type.slice(0, 80);
}
