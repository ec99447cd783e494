// A Bastion host, its shareable links and its sessions.
import { drain, live } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, SUBSCRIPTION, idOf } from './stage';

const machine = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-app-1`;

export async function driveBastion(stage: Stage): Promise<void> {
  const { client } = stage;
  const { bastionHosts } = client;
  await live(stage, bastionHosts, [GROUP, 'bas-con'], {
    location: LOCATION,
    sku: { name: 'Standard' },
    scaleUnits: 2,
    enableTunneling: true,
    enableFileCopy: true,
    enableIpConnect: false,
    enableShareableLink: true,
    disableCopyPaste: false,
    ipConfigurations: [
      {
        name: 'IpConf',
        privateIPAllocationMethod: 'Dynamic',
        subnet: { id: idOf('virtualNetworks', 'vnet-near/subnets/AzureBastionSubnet') },
        publicIPAddress: { id: idOf('publicIPAddresses', 'pip-bastion') },
      },
    ],
  });
  await bastionHosts.update(GROUP, 'bas-con', { tags: { owner: 'conformance' } });
  await drain(bastionHosts.listByResourceGroup(GROUP), bastionHosts.list());

  const vms = { vms: [{ vm: { id: machine } }] };
  await drain(client.putBastionShareableLink(GROUP, 'bas-con', vms));
  const tokens: string[] = [];
  for await (const { bsl } of client.getBastionShareableLink(GROUP, 'bas-con', vms))
    tokens.push(bsl?.split('/').at(-1) ?? '');
  await client.deleteBastionShareableLinkByToken(GROUP, 'bas-con', { tokens });
  await drain(client.putBastionShareableLink(GROUP, 'bas-con', vms));
  await client.deleteBastionShareableLink(GROUP, 'bas-con', vms);
  await drain(
    client.getActiveSessions(GROUP, 'bas-con'),
    client.disconnectActiveSessions(GROUP, 'bas-con', { sessionIds: ['session-1'] }),
  );
}
