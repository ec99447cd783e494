/** The network as plain data: what the core knows of a subscription, read from ARM or from exported files. */
import type { Address, AddressSet, Family } from './address';
import type { ConnectedGroup, Gateway, RouteTable } from './connection';
import type { Forwarding, Probe } from './forwarding';
import type { PortSet } from './port';

/** A resource id in lower case: Azure's ids are case-insensitive, so only this form may be compared or looked up. */
export type ResourceKey = string;

/** The key under which a resource is found, whatever its id's casing. */
export function keyOf(id: string): ResourceKey {
  return id.toLowerCase();
}

/** The last segment of a resource id: the name people use. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The id of the resource that holds this child: `…/networkSecurityGroups/nsg/securityRules/r` → `…/networkSecurityGroups/nsg`. */
export function parentIdOf(id: string): string {
  return id.split('/').slice(0, -2).join('/');
}

export type Direction = 'inbound' | 'outbound';
export type Access = 'allow' | 'deny';
export type Protocol = 'tcp' | 'udp' | 'icmp' | 'esp' | 'ah';

/** One entry of a rule's source or destination. `text` is what Azure holds, kept for people and for writing back. */
export type AddressMatch =
  | { readonly kind: 'any'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string; readonly addresses: AddressSet }
  | { readonly kind: 'tag'; readonly text: string }
  | { readonly kind: 'application-group'; readonly text: string; readonly group: ResourceKey };

export interface SecurityRule {
  readonly name: string;
  readonly direction: Direction;
  readonly access: Access;
  readonly priority: number;
  readonly protocol: Protocol | '*';
  readonly sources: readonly AddressMatch[];
  readonly sourcePorts: PortSet;
  readonly destinations: readonly AddressMatch[];
  readonly destinationPorts: PortSet;
  /** One of the rules that every group has and nobody can remove. */
  readonly isDefault: boolean;
  /** A security admin rule that allows always: no security group is asked after it. */
  readonly bypassesGroups?: true;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  /** Every rule, custom and default, in the order Azure processes them: by priority within each direction. */
  readonly rules: readonly SecurityRule[];
  /** Names of rules that were there but could not be read: nothing may be concluded from their absence. */
  readonly unreadableRules: readonly string[];
  /** Why the guardrail keeps its hands off, if a platform service owns the group. */
  readonly platformManaged?: string;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly virtualNetwork: ResourceKey;
  readonly prefixes: AddressSet;
  readonly securityGroup?: ResourceKey;
  readonly routeTable?: ResourceKey;
  /** The service the subnet is delegated to, as in `Microsoft.Sql/managedInstances`. */
  readonly delegatedTo?: string;
  readonly natGateway?: ResourceKey;
  /** Ids of the IP configurations that stand in it, of whatever kind of resource, casing as read. */
  readonly occupants?: readonly string[];
  /** Why the guardrail keeps its hands off, if this subnet belongs to a platform service. */
  readonly platformManaged?: string;
}

export interface Peering {
  readonly id: string;
  readonly name: string;
  readonly virtualNetwork: ResourceKey;
  readonly remote: ResourceKey;
  /** Undefined in templates, which carry no state; those are read as connected. */
  readonly state?: string;
  readonly allowVirtualNetworkAccess: boolean;
  readonly allowForwardedTraffic: boolean;
  readonly allowGatewayTransit: boolean;
  readonly useRemoteGateways: boolean;
  /** Who made it, where that was not a person: such a peering is left to its maker. */
  readonly managedBy?: 'network-manager' | 'virtual-wan';
  /** The far side's address space as this side last saw it: all we know of a network we cannot read. */
  readonly remoteAddresses: AddressSet;
}

export interface VirtualNetwork {
  readonly id: string;
  readonly name: string;
  readonly addresses: AddressSet;
  readonly subnets: readonly Subnet[];
  readonly peerings: readonly Peering[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface IpConfiguration {
  readonly id: string;
  readonly name: string;
  readonly address?: Address;
  /** Known where ARM says it; without an address it limits what the address can be. */
  readonly family?: Family;
  readonly subnet?: ResourceKey;
  readonly publicIp?: ResourceKey;
  readonly applicationGroups: readonly ResourceKey[];
  /** Back-end pools, NAT rules and NAT pools it belongs to. */
  readonly pools: readonly ResourceKey[];
}

export interface Interface {
  readonly id: string;
  readonly name: string;
  /** The machine, or the scale set whose instances each get such an interface. */
  readonly virtualMachine?: string;
  readonly securityGroup?: ResourceKey;
  /** Why the guardrail keeps its hands off, if a platform service owns the interface. */
  readonly platformManaged?: string;
  readonly ipConfigurations: readonly IpConfiguration[];
}

export interface PublicIp {
  readonly id: string;
  readonly name: string;
  readonly sku: 'basic' | 'standard';
  readonly family?: Family;
  readonly address?: string;
  /** Id of the IP configuration or NAT gateway it sits on, casing as read. */
  readonly attachedTo?: string;
  /** A dynamic address is lost when it is detached. */
  readonly isStatic?: boolean;
}

/** How a Bastion host is set; undefined where its JSON says nothing, which is Azure's default. */
export interface BastionSettings {
  readonly sku: 'developer' | 'basic' | 'standard' | 'premium';
  readonly tunneling: boolean;
  readonly fileCopy: boolean;
  readonly copyPaste: boolean;
  readonly ipConnect: boolean;
  readonly shareableLink: boolean;
  readonly kerberos: boolean;
  readonly sessionRecording: boolean;
  readonly privateOnly: boolean;
}

export interface BastionHost {
  readonly id: string;
  readonly name: string;
  readonly subnets: readonly ResourceKey[];
  readonly provisioningState: string;
  readonly settings?: BastionSettings;
  readonly publicIps?: readonly ResourceKey[];
  /** Ids of the machines that shareable links lead to, casing as read; undefined where nobody asked. */
  readonly sharedLinks?: readonly string[];
}

/** An Event Grid subscription on a subscription's own events. */
export interface EventSubscription {
  readonly id: string;
  readonly name: string;
  /** The Azure subscription whose events it takes, in lower case. */
  readonly subscriptionId: string;
  /** Function that the events go to, as its id ends; undefined for another kind of destination. */
  readonly functionName?: string;
  readonly eventTypes: readonly string[];
  /** Operations that its filter lets through, lower case; undefined: all. */
  readonly operations?: readonly string[];
  readonly provisioningState: string;
  readonly hasDeadLetters: boolean;
}

export interface Network {
  readonly securityGroups: ReadonlyMap<ResourceKey, SecurityGroup>;
  readonly virtualNetworks: ReadonlyMap<ResourceKey, VirtualNetwork>;
  readonly subnets: ReadonlyMap<ResourceKey, Subnet>;
  readonly interfaces: ReadonlyMap<ResourceKey, Interface>;
  readonly publicIps: ReadonlyMap<ResourceKey, PublicIp>;
  readonly bastionHosts: ReadonlyMap<ResourceKey, BastionHost>;
  /** By network: the security admin rules in force there, one group per configuration, outermost first. */
  readonly adminRules: ReadonlyMap<ResourceKey, readonly SecurityGroup[]>;
  readonly routeTables: ReadonlyMap<ResourceKey, RouteTable>;
  readonly gateways: readonly Gateway[];
  readonly connectedGroups: readonly ConnectedGroup[];
  readonly forwardings: readonly Forwarding[];
  /** Health probes: where one asks, the platform's own address must keep its way in. */
  readonly probes: readonly Probe[];
  /** Back-end pools whose members go out by their load balancer's address. */
  readonly outboundPools?: readonly ResourceKey[];
  /** Undefined where nobody asked: exported files say nothing about it. */
  readonly eventSubscriptions?: readonly EventSubscription[];
}

export const EMPTY_NETWORK: Network = {
  securityGroups: new Map(),
  virtualNetworks: new Map(),
  subnets: new Map(),
  interfaces: new Map(),
  publicIps: new Map(),
  bastionHosts: new Map(),
  adminRules: new Map(),
  routeTables: new Map(),
  gateways: [],
  connectedGroups: [],
  forwardings: [],
  probes: [],
};

/** Something that could not be read, and so can never count as a pass. */
export interface Gap {
  readonly resource: string;
  /** What is missing, as a short stable name: `missing-address`, `duplicate-priority`, `unknown-tag`, `dangling-reference`, … */
  readonly what: string;
  /** What was found there and what to do about it. */
  readonly why: string;
  /** Whether an admin port's verdict could be different if this were known. */
  readonly touchesAdminPort: boolean;
}
