// The raw Azure Resource Manager JSON that the oracle reads and the generators write: only the properties that decide a packet.

export interface Reference {
  readonly id: string;
}

export interface SecurityRuleProperties {
  readonly description?: string;
  readonly provisioningState?: string;
  readonly access: string;
  readonly direction: string;
  readonly protocol: string;
  readonly priority: number;
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: readonly string[];
  readonly sourceApplicationSecurityGroups?: readonly Reference[];
  readonly sourcePortRange?: string;
  readonly sourcePortRanges?: readonly string[];
  readonly destinationAddressPrefix?: string;
  readonly destinationAddressPrefixes?: readonly string[];
  readonly destinationApplicationSecurityGroups?: readonly Reference[];
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: readonly string[];
}

export interface SecurityRuleResource {
  readonly id?: string;
  readonly name: string;
  readonly type?: string;
  readonly etag?: string;
  readonly properties: SecurityRuleProperties;
}

/** What every resource has. `type` decides which of the shapes below `properties` has. */
export interface ArmResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly etag?: string;
  readonly sku?: { readonly name: string; readonly tier?: string };
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: object;
}

export interface SecurityGroupResource extends ArmResource {
  readonly properties: {
    readonly provisioningState?: string;
    readonly flushConnection?: boolean;
    readonly securityRules?: readonly SecurityRuleResource[];
    readonly defaultSecurityRules?: readonly SecurityRuleResource[];
    readonly subnets?: readonly Reference[];
    readonly networkInterfaces?: readonly Reference[];
  };
}

export interface AddressSpace {
  readonly addressPrefixes: readonly string[];
}

export interface SubnetResource {
  readonly id: string;
  readonly name: string;
  readonly etag?: string;
  readonly properties: {
    readonly provisioningState?: string;
    readonly addressPrefix?: string;
    readonly addressPrefixes?: readonly string[];
    readonly networkSecurityGroup?: Reference;
    readonly routeTable?: Reference;
  };
}

export interface PeeringResource {
  readonly id: string;
  readonly name: string;
  readonly etag?: string;
  readonly properties: {
    readonly provisioningState?: string;
    readonly peeringState?: string;
    readonly peeringSyncLevel?: string;
    readonly allowVirtualNetworkAccess?: boolean;
    readonly allowForwardedTraffic?: boolean;
    readonly allowGatewayTransit?: boolean;
    readonly useRemoteGateways?: boolean;
    readonly remoteVirtualNetwork: Reference;
    readonly remoteAddressSpace?: AddressSpace;
    readonly remoteVirtualNetworkAddressSpace?: AddressSpace;
  };
}

export interface VirtualNetworkResource extends ArmResource {
  readonly properties: {
    readonly provisioningState?: string;
    readonly addressSpace: AddressSpace;
    readonly subnets?: readonly SubnetResource[];
    readonly virtualNetworkPeerings?: readonly PeeringResource[];
  };
}

export interface IpConfigurationResource {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly provisioningState?: string;
    readonly primary?: boolean;
    readonly privateIPAddress?: string;
    readonly privateIPAddressVersion?: string;
    readonly privateIPAllocationMethod?: string;
    readonly subnet?: Reference;
    readonly publicIPAddress?: Reference;
    readonly applicationSecurityGroups?: readonly Reference[];
  };
}

export interface InterfaceResource extends ArmResource {
  readonly properties: {
    readonly provisioningState?: string;
    readonly networkSecurityGroup?: Reference;
    readonly virtualMachine?: Reference;
    readonly ipConfigurations: readonly IpConfigurationResource[];
  };
}

/** Ids and types compare without regard to case everywhere in Azure Resource Manager. */
export function sameId(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase();
}

export function isSecurityGroup(resource: ArmResource): resource is SecurityGroupResource {
  return sameId(resource.type, 'Microsoft.Network/networkSecurityGroups');
}

export function isVirtualNetwork(resource: ArmResource): resource is VirtualNetworkResource {
  return sameId(resource.type, 'Microsoft.Network/virtualNetworks');
}

export function isInterface(resource: ArmResource): resource is InterfaceResource {
  return sameId(resource.type, 'Microsoft.Network/networkInterfaces');
}
