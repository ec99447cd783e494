// The raw JSON of a uniform scale set: what every instance's interface will be like. The instances' interfaces are no resources of their own.
import type { ArmResource, InterfaceResource, IpConfigurationResource, Reference } from './arm';
import { sameId } from './arm';

export interface ScaleSetResource extends ArmResource {
  readonly properties: {
    readonly orchestrationMode?: string;
    readonly virtualMachineProfile: {
      readonly networkProfile: {
        readonly networkInterfaceConfigurations: readonly {
          readonly name: string;
          readonly properties: {
            readonly primary?: boolean;
            readonly networkSecurityGroup?: Reference;
            readonly ipConfigurations: readonly {
              readonly name: string;
              readonly properties: {
                readonly subnet: Reference;
                readonly privateIPAddressVersion?: string;
                readonly applicationSecurityGroups?: readonly Reference[];
                readonly publicIPAddressConfiguration?: {
                  readonly name: string;
                  readonly sku?: { readonly name: string };
                };
              };
            }[];
          };
        }[];
      };
    };
  };
}

export function isScaleSet(resource: ArmResource): resource is ScaleSetResource {
  return sameId(resource.type, 'Microsoft.Compute/virtualMachineScaleSets');
}

/** The interfaces that each instance gets, in the form of interfaces whose addresses are not known yet. */
export function instanceInterfaces({ id, properties }: ScaleSetResource): InterfaceResource[] {
  if (sameId(properties.orchestrationMode, 'Flexible')) return [];
  return properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations.map((given) => {
    const interfaceId = `${id}/networkInterfaces/${given.name}`;
    const ipConfigurations = given.properties.ipConfigurations.map(
      ({ name, properties: own }): IpConfigurationResource => ({
        id: `${interfaceId}/ipConfigurations/${name}`,
        name,
        properties: {
          subnet: own.subnet,
          ...(own.privateIPAddressVersion !== undefined && { privateIPAddressVersion: own.privateIPAddressVersion }),
          ...(own.applicationSecurityGroups && { applicationSecurityGroups: own.applicationSecurityGroups }),
        },
      }),
    );
    const { networkSecurityGroup } = given.properties;
    return {
      id: interfaceId,
      name: given.name,
      type: 'Microsoft.Network/networkInterfaces',
      properties: { ipConfigurations, ...(networkSecurityGroup && { networkSecurityGroup }) },
    };
  });
}
