// Reads of the estate as it was loaded, at every level, before anything is changed.
import { drain } from './life';
import type { Stage } from './stage';

export async function driveEstateReads(stage: Stage): Promise<void> {
  const { client } = stage;
  for (const [group, network] of [
    ['rg-hub', 'vnet-hub'],
    ['rg-app', 'vnet-app'],
    ['rg-data', 'vnet-data'],
  ] as const) {
    await client.virtualNetworks.get(group, network);
    await drain(client.subnets.list(group, network), client.virtualNetworkPeerings.list(group, network));
  }
  for (const [group, name] of [
    ['rg-hub', 'nsg-bastion'],
    ['rg-app', 'nsg-app'],
    ['rg-data', 'nsg-data'],
  ] as const) {
    await client.networkSecurityGroups.get(group, name);
    await drain(client.securityRules.list(group, name), client.defaultSecurityRules.list(group, name));
  }
  await client.networkInterfaces.get('rg-app', 'nic-vm-app-1');
  await client.publicIPAddresses.get('rg-hub', 'pip-bas-hub');
  await client.bastionHosts.get('rg-hub', 'bas-hub');
  // Two to a page, so that links to next pages are followed.
  await stage.control('faults', { pageSize: 2 });
  await drain(
    client.networkSecurityGroups.listAll(),
    client.virtualNetworks.listAll(),
    client.networkInterfaces.listAll(),
  );
  await stage.control('faults', {});
}
