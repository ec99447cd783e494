/** ARM's JSON as the generator writes it and the judge reads it. */

export interface Resource {
  readonly [key: string]: unknown;
}

export interface Reference {
  readonly id: string;
}

/** A Standard, static public IP; the local Azure gives it its address. */
export function publicIp(id: string): Resource {
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Network/publicIPAddresses',
    location: 'westeurope',
    sku: { name: 'Standard', tier: 'Regional' },
    properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4' },
  };
}
