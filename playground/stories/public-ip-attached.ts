/** A public IP on a machine's interface, before any rule lets anybody in by it. */
import { at, textAt } from '../json';
import { withIpConfiguration } from './interface';
import { playRoad } from './road';
import { interfaceOfVm, sparePublicIp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const publicIpAttached: Story = {
  name: 'public-ip-attached',
  title: 'A public IP is attached to a machine',
  proves: 'a way in is closed before anybody comes by it: the address is detached, and kept for its owner',
  play: playAttached,
};

async function playAttached(stage: Stage): Promise<void> {
  await playRoad(stage, {
    actor,
    change: async () => {
      const nic = await stage.get(interfaceOfVm);
      await stage.put(actor, interfaceOfVm, withIpConfiguration(nic, { publicIPAddress: { id: sparePublicIp } }));
    },
    says: ['vm-app-1', 'pip-spare', /Done: put .* publicIPAddress of nic-vm-app-1 back/],
    writes: ['PUT nic-vm-app-1'],
  });
  const address = await stage.get(sparePublicIp);
  stage.check('the address still exists, on nothing', at(address, 'properties', 'ipConfiguration') === undefined);
  stage.check('and is the same address', textAt(address, 'properties', 'ipAddress') === '198.51.100.5');
}
