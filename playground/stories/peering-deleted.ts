/** Somebody deletes one end of a peering, and Bastion no longer reaches the spoke. */
import { textAt } from '../json';
import { playRoad } from './road';
import { hubNetwork, spoke } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const peering = `${spoke}/virtualNetworkPeerings/app-to-hub`;

export const peeringDeleted: Story = {
  name: 'peering-deleted',
  title: 'One end of the peering with the hub is deleted',
  proves: 'what Bastion needs is put back as it was accepted: whoever is locked out opens another way in',
  play: playDeleted,
};

async function playDeleted(stage: Stage): Promise<void> {
  const deleted = await stage.get(peering);
  await playRoad(stage, {
    actor,
    change: async () => {
      await stage.send(actor, 'DELETE', peering);
    },
    says: ['app-to-hub', /Done: .*app-to-hub/],
    // ARM takes the missing half only once the other one, which it left Disconnected, has been written again.
    writes: ['PUT hub-to-app', 'PUT app-to-hub'],
  });
  const restored = await stage.get(peering);
  const far = await stage.get(`${hubNetwork}/virtualNetworkPeerings/hub-to-app`);
  for (const end of [restored, far]) {
    const state = textAt(end, 'properties', 'peeringState');
    stage.check(`${textAt(end, 'name')} is ${state}`, state === 'Connected');
  }
  stage.check('it leads where it led', remoteOf(restored) === remoteOf(deleted));
}

function remoteOf(end: unknown): string {
  return textAt(end, 'properties', 'remoteVirtualNetwork', 'id');
}
