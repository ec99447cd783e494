/** Bastion itself is opened: a shareable link is made, and tunnels are switched on. */
import { at, listAt, textAt } from '../json';
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
  await stage.control('DELETE', '/requests');
  await playRoad(stage, {
    actor,
    change: async () => {
      await setHost(stage, { enableShareableLink: true, enableTunneling: true });
      const vms = [{ vm: { id: machine } }];
      await stage.send(actor, 'POST', `${bastionHost}/createShareableLinks`, { vms });
      await stage.until('a link to vm-app-1 was made', async () => (await links(stage)).length === 1);
    },
    says: [
      'bas-hub',
      /Done: delete the shareable link of bas-hub to vm-app-1/,
      /Done: put enableTunneling of bas-hub back/,
    ],
    writes: ['PUT bas-hub'],
  });
  const requests = listAt(await stage.control('GET', '/requests'));
  const [deletion, setting] = [/deleteShareableLinks\?/, /bastionHosts\/bas-hub\?/].map((path) =>
    requests.findLastIndex((each) => textAt(each, 'method') !== 'GET' && path.test(textAt(each, 'path'))),
  );
  stage.check('the link itself was deleted', Number(at(requests, deletion ?? -1, 'status')) < 300);
  stage.check(
    'and before the host was set back',
    deletion !== undefined && setting !== undefined && deletion < setting,
  );
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
