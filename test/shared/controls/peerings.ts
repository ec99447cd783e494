/** Peerings added to the seed's hub and spoke, one half at a time, for the controls that judge them. */
import { change, type Resource, type RuleProperties } from '../../estate';

export type Half = readonly [network: string, remote: string, properties?: RuleProperties, name?: string];

/** A half of a peering, connected and with Azure's own settings unless said otherwise; `remote` is a network's id. */
export function withHalf(estate: readonly Resource[], [network, remote, properties, name]: Half): Resource[] {
  const short = remote.slice(remote.lastIndexOf('/') + 1);
  return change(estate, network, (old, resource) => ({
    ...resource,
    properties: {
      ...old,
      virtualNetworkPeerings: [
        ...(old.virtualNetworkPeerings as Resource[]),
        {
          id: `${String(resource.id)}/virtualNetworkPeerings/${name ?? `to-${short}`}`,
          name: name ?? `to-${short}`,
          properties: { peeringState: 'Connected', remoteVirtualNetwork: { id: remote }, ...properties },
        },
      ],
    },
  }));
}

/** The estate without the peerings of a network whose names begin so. */
export function withoutHalf(estate: readonly Resource[], network: string, name: string): Resource[] {
  return change(estate, network, (old, resource) => ({
    ...resource,
    properties: {
      ...old,
      virtualNetworkPeerings: (old.virtualNetworkPeerings as Resource[]).filter((each) => each.name !== name),
    },
  }));
}
