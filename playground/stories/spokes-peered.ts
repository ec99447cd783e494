/** Two spokes are peered with each other, past the hub and past Bastion. */
import { playRoad } from './road';
import { otherSpoke, spoke } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const spokesPeered: Story = {
  name: 'spokes-peered',
  title: 'Two spokes are peered with each other',
  proves: 'a peering that joins what the policy keeps apart goes at both ends, and the peerings with the hub stay',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: async () => {
        await peer(stage, spoke, 'app-to-data', otherSpoke);
        await peer(stage, otherSpoke, 'data-to-app', spoke);
      },
      says: ['vnet-app', 'vnet-data', /Done: delete the peering app-to-data.*data-to-app/],
      writes: ['DELETE app-to-data', 'DELETE data-to-app'],
    });
  },
};

async function peer(stage: Stage, from: string, name: string, to: string): Promise<void> {
  const properties = { remoteVirtualNetwork: { id: to }, allowVirtualNetworkAccess: true };
  await stage.put(actor, `${from}/virtualNetworkPeerings/${name}`, { properties });
}
