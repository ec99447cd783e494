/** Forwardings: whatever takes traffic at an address of its own and passes it on to a machine, perhaps on another port. */
import type { AddressSet } from './address';
import { includes } from './interval';
import type { ResourceKey } from './network';
import type { PortSet } from './port';
import type { PathStep } from './resource-edit';

/** Where the traffic goes. Interfaces and scale sets name pools and NAT rules; pools and rules may name interfaces. */
export interface Targets {
  /** Keys of back-end pools, NAT rules and NAT pools that IP configurations say they belong to. */
  readonly pools: readonly ResourceKey[];
  readonly ipConfigurations: readonly ResourceKey[];
  readonly addresses: AddressSet;
}

export interface Forwarding {
  readonly kind: 'load-balancer' | 'inbound-nat' | 'firewall-dnat' | 'application-gateway' | 'private-link';
  readonly id: string;
  readonly name: string;
  /** What the sender addresses: an IP address where it is known, otherwise the front end's name. */
  readonly frontend: string;
  /** Whether the Internet can send to the front end. */
  readonly isPublic: boolean;
  readonly protocols: readonly ('tcp' | 'udp')[];
  readonly frontendPorts: PortSet;
  /** The port at the machine; undefined where the port stays as it was sent. */
  readonly backendPort?: number;
  readonly targets: Targets;
  /** The senders it takes; undefined: all. */
  readonly origin?: AddressSet;
  /** The source that security groups see, where it is not the sender. */
  readonly seenAs?: AddressSet;
  /** Where it stands: its network, or its virtual hub. It forwards only to what it can reach from there. */
  readonly home?: ResourceKey;
  /** A Standard front end: nothing passes until some group allows it. */
  readonly isClosedByDefault: boolean;
  /** What in which resource makes it forward, so that it can be taken away; undefined where a person has to. */
  readonly madeBy?: { readonly resource: string; readonly path: readonly PathStep[] };
}

/** A health probe of a load balancer; it comes from the platform's own address. */
export interface Probe {
  readonly port: number;
  /** Undefined where the load balancer names no pool: then it may ask anyone. */
  readonly targets?: Targets;
}

/** The port to send to for reaching `port` at the machine; undefined if the forwarding does not lead there. */
export function frontendPortFor(
  forwarding: Pick<Forwarding, 'protocols' | 'frontendPorts' | 'backendPort'>,
  protocol: string,
  port: number,
): number | undefined {
  if (!forwarding.protocols.some((each) => each === protocol)) return undefined;
  if (forwarding.backendPort === undefined) return includes(forwarding.frontendPorts, port) ? port : undefined;
  return forwarding.backendPort === port ? forwarding.frontendPorts[0]?.[0] : undefined;
}
