// The raw JSON of what Azure Virtual Network Manager says: who is in a network group, and the security admin rules for it.
import type { ArmResource } from './arm';
import { sameId } from './arm';

export interface StaticMemberResource extends ArmResource {
  readonly properties: { readonly resourceId: string };
}

export interface AdminRuleCollectionResource extends ArmResource {
  readonly properties: { readonly appliesToGroups: readonly { readonly networkGroupId: string }[] };
}

export interface AdminAddress {
  readonly addressPrefixType: string;
  readonly addressPrefix: string;
}

export interface AdminRuleResource extends ArmResource {
  readonly kind?: string;
  readonly properties: {
    readonly access: string;
    readonly direction: string;
    readonly priority: number;
    readonly protocol: string;
    readonly sources: readonly AdminAddress[];
    readonly destinations: readonly AdminAddress[];
    readonly sourcePortRanges: readonly string[];
    readonly destinationPortRanges: readonly string[];
  };
}

const manager = 'Microsoft.Network/networkManagers';

export function isStaticMember(resource: ArmResource): resource is StaticMemberResource {
  return sameId(resource.type, `${manager}/networkGroups/staticMembers`);
}

export function isAdminRuleCollection(resource: ArmResource): resource is AdminRuleCollectionResource {
  return sameId(resource.type, `${manager}/securityAdminConfigurations/ruleCollections`);
}

export function isAdminRule(resource: ArmResource): resource is AdminRuleResource {
  return sameId(resource.type, `${manager}/securityAdminConfigurations/ruleCollections/rules`);
}

/** The id of the resource that a child belongs to: two segments less. */
export function parentId(id: string): string {
  return id.split('/').slice(0, -2).join('/');
}
