// Virtual machines with extensions, and a scale set with the interfaces of its instances.
import { textAt } from '../../../playground/azure/json';
import { drain } from './life';
import { follow, must } from './plain';
import type { Stage } from './stage';
import { GROUP, LOCATION, SUBSCRIPTION, idOf } from './stage';

const API = 'api-version=2024-07-01';
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Compute`;

async function write(stage: Stage, method: 'PUT' | 'PATCH' | 'POST', path: string, body: unknown): Promise<void> {
  await follow(stage, await must(stage, { method, path: `${path}?${API}`, body }));
}

async function read(stage: Stage, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) await must(stage, { method: 'GET', path: `${path}?${API}` });
}

function leave(stage: Stage, path: string): void {
  stage.leave(async () => {
    await follow(stage, await must(stage, { method: 'DELETE', path: `${path}?${API}` }));
  });
}

async function driveMachines(stage: Stage): Promise<void> {
  const machine = `${COMPUTE}/virtualMachines/vm-con`;
  const extension = `${machine}/extensions/AADSSHLoginForLinux`;
  leave(stage, machine);
  await write(stage, 'PUT', machine, {
    location: LOCATION,
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      osProfile: { computerName: 'vm-con', adminUsername: 'azureuser' },
      networkProfile: {
        networkInterfaces: [{ id: idOf('networkInterfaces', 'nic-con'), properties: { primary: true } }],
      },
    },
  });
  await write(stage, 'PATCH', machine, { tags: { owner: 'conformance' } });
  leave(stage, extension);
  const login = {
    publisher: 'Microsoft.Azure.ActiveDirectory',
    type: 'AADSSHLoginForLinux',
    typeHandlerVersion: '1.0',
  };
  await write(stage, 'PUT', extension, { location: LOCATION, properties: login });
  await write(stage, 'PATCH', extension, { properties: { autoUpgradeMinorVersion: true } });
  const machines = '/providers/Microsoft.Compute/virtualMachines';
  await read(stage, machine, extension, `${machine}/extensions`, `/subscriptions/${SUBSCRIPTION}${machines}`);
  await read(stage, `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}${machines}`);
  // The machine now shows in its interface.
  await stage.client.networkInterfaces.get(GROUP, 'nic-con');
}

const interfaceModel = {
  name: 'nic',
  properties: {
    primary: true,
    networkSecurityGroup: { id: idOf('networkSecurityGroups', 'nsg-con') },
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: {
          subnet: { id: idOf('virtualNetworks', 'vnet-near/subnets/snet-first') },
          publicIPAddressConfiguration: { name: 'pip', properties: { idleTimeoutInMinutes: 10 } },
        },
      },
    ],
  },
};

async function driveScaleSet(stage: Stage): Promise<void> {
  const set = `${COMPUTE}/virtualMachineScaleSets/vmss-con`;
  leave(stage, set);
  await write(stage, 'PUT', set, {
    location: LOCATION,
    sku: { name: 'Standard_D2s_v5', tier: 'Standard', capacity: 2 },
    properties: {
      orchestrationMode: 'Uniform',
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [interfaceModel] } },
    },
  });
  await write(stage, 'PATCH', set, { tags: { owner: 'conformance' } });
  await write(stage, 'POST', `${set}/manualupgrade`, { instanceIds: ['0'] });
  const sets = '/providers/Microsoft.Compute/virtualMachineScaleSets';
  await read(stage, set, `${set}/virtualMachines`, `${set}/virtualMachines/0`, `/subscriptions/${SUBSCRIPTION}${sets}`);
  await read(stage, `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}${sets}`);
  await driveInstanceAddresses(stage);
}

/** These belong to the network provider, and so to its client. */
async function driveInstanceAddresses({ client }: Stage): Promise<void> {
  const { networkInterfaces, publicIPAddresses } = client;
  const [set, instance, nic, configuration] = ['vmss-con', '0', 'nic', 'ipconfig1'] as const;
  await drain(
    networkInterfaces.listVirtualMachineScaleSetNetworkInterfaces(GROUP, set),
    networkInterfaces.listVirtualMachineScaleSetVMNetworkInterfaces(GROUP, set, instance),
    publicIPAddresses.listVirtualMachineScaleSetPublicIPAddresses(GROUP, set),
  );
  await networkInterfaces.getVirtualMachineScaleSetNetworkInterface(GROUP, set, instance, nic);
  const addresses = publicIPAddresses.listVirtualMachineScaleSetVMPublicIPAddresses(
    GROUP,
    set,
    instance,
    nic,
    configuration,
  );
  for await (const address of addresses) {
    const name = textAt({ address }, 'address', 'name') ?? '';
    await publicIPAddresses.getVirtualMachineScaleSetPublicIPAddress(GROUP, set, instance, nic, configuration, name);
  }
}

export async function driveCompute(stage: Stage): Promise<void> {
  await driveMachines(stage);
  await driveScaleSet(stage);
}
