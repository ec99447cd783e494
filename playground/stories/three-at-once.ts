/** One person, three changes at once: two open a way in, one is their work. */
import { withIpConfiguration } from './interface';
import { playRoad } from './road';
import { withProperties, withRule } from './rules';
import { inboundRule, interfaceOfVm, nsgApp, sparePublicIp, subnetOfVm } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const theirs = 'allow-metrics';
const endpoint = 'Microsoft.Storage';

export const threeAtOnce: Story = {
  name: 'three-at-once',
  title: 'Three changes at once, one of them legitimate',
  proves: 'what drifted is put back piece by piece: the rule and the address go, the person’s own work stays',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: () => changeThree(stage),
      says: ['pip-spare', /Done: remove nsg-app\/allow-rdp/, /Done: put .* publicIPAddress of nic-vm-app-1 back/],
      writes: ['PUT nsg-app', 'PUT nic-vm-app-1'],
      leaves: [`nsg-app/${theirs}: none → ${theirs}`, `vnet-app/snet-app/serviceEndpoints: none → ${endpoint}`],
    });
  },
};

/** In the group a bad rule and a good one come in the same write. */
async function changeThree(stage: Stage): Promise<void> {
  const rdp = rule('allow-rdp', 120, 'Internet', '3389');
  const metrics = rule(theirs, 310, '10.0.5.0/24', '9100');
  await stage.put(actor, nsgApp, withRule(withRule(await stage.get(nsgApp), rdp), metrics));
  const nic = await stage.get(interfaceOfVm);
  await stage.put(actor, interfaceOfVm, withIpConfiguration(nic, { publicIPAddress: { id: sparePublicIp } }));
  const serviceEndpoints = [{ service: endpoint }];
  await stage.put(actor, subnetOfVm, withProperties(await stage.get(subnetOfVm), { serviceEndpoints }));
}

function rule(name: string, priority: number, source: string, port: string): object {
  const properties = inboundRule({
    access: 'Allow',
    priority,
    sourceAddressPrefix: source,
    destinationPortRange: port,
  });
  return { name, properties };
}
