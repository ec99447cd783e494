/** The security group of a subnet is taken off it, or deleted altogether. */
import { ruleLines } from './rules';
import { playRoad } from './road';
import { withProperties } from './rules';
import { nsgApp, subnetOfVm } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const nsgDetached: Story = {
  name: 'nsg-detached',
  title: 'A security group is detached from its subnet',
  proves: 'a group that stands nowhere protects nobody: it is attached again, and the subnet keeps all else it has',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: () => detach(stage),
      says: ['snet-app', /Done: put networkSecurityGroup of snet-app back/],
      writes: ['PUT snet-app'],
    });
  },
};

export const nsgDeleted: Story = {
  name: 'nsg-deleted',
  title: 'A security group is detached and deleted',
  proves: 'a group that is gone is made again from what was accepted, rule by rule, and then attached',
  play: async (stage) => {
    const rules = [...ruleLines(await stage.get(nsgApp)).values()];
    await playRoad(stage, {
      actor,
      change: async () => {
        await detach(stage);
        await stage.send(actor, 'DELETE', nsgApp);
      },
      says: ['snet-app', /Done: .*make nsg-app again as it was accepted/],
      writes: ['PUT nsg-app', 'PUT snet-app'],
    });
    const again = [...ruleLines(await stage.get(nsgApp)).values()];
    stage.check(`it has its ${rules.length} rules again`, rules.join() === again.join());
  },
};

async function detach(stage: Stage): Promise<void> {
  await stage.put(actor, subnetOfVm, withProperties(await stage.get(subnetOfVm), { networkSecurityGroup: null }));
}
