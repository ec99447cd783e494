/** Bastion itself is opened: a shareable link is made, and tunnels are switched on. */
import { listAt, textAt } from '../json';
import { playRoad } from './road';
import { withProperties } from './rules';
import { bastionHost, machine } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const bastionSettings: Story = {
  name: 'bastion-settings',
  title: 'Bastion hands out a link that needs no sign-in, and takes tunnels',
  proves: 'the one open way is guarded as well: the link is deleted, and the host set back to what the policy says',
  play: playOpened,
};

async function playOpened(stage: Stage): Promise<void> {
  await playRoad(stage, {
    actor,
    change: async () => {
      await setHost(stage, { enableShareableLink: true, enableTunneling: true });
      const vms = [{ vm: { id: machine } }];
      await stage.send(actor, 'POST', `${bastionHost}/createShareableLinks`, { vms });
      await stage.until('a link to vm-app-1 was made', async () => (await links(stage)).length === 1);
    },
    says: ['bas-hub', 'vm-app-1', 'enableTunneling', 'enableShareableLink'],
    writes: ['PUT bas-hub'],
  });
  await setHost(stage, { enableShareableLink: true });
  stage.check('the link is gone for good', (await links(stage)).length === 0);
  await stage.rest();
}

/** A change of a host takes minutes in Azure, and a little while here. */
async function setHost(stage: Stage, settings: object): Promise<void> {
  await stage.put(actor, bastionHost, withProperties(await stage.get(bastionHost), settings));
  const isDone = async (): Promise<boolean> =>
    textAt(await stage.get(bastionHost), 'properties', 'provisioningState') === 'Succeeded';
  await stage.until('the host took the settings', isDone);
}

async function links(stage: Stage): Promise<readonly unknown[]> {
  const answer = await stage.send(actor, 'POST', `${bastionHost}/getShareableLinks`, { vms: [] });
  return listAt(answer, 'value');
}
