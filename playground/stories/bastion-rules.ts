/** In the security group of Bastion's own subnet a rule that Azure requires goes, and a stranger's comes. */
import { listAt, textAt } from '../json';
import { playRoad } from './road';
import { withProperties } from './rules';
import { inboundRule, nsgBastion } from './scene';
import type { Story } from './stage';

const actor = 'Dana Ops';
/** Azure itself refuses to take any other of them away. */
const required = 'AllowHttpOutBound';
const foreign = 'allow-ssh-for-support';

export const bastionRules: Story = {
  name: 'bastion-rules',
  title: 'Bastion’s own rules: one that Azure requires goes, a stranger’s comes',
  proves: 'the subnet that all machines trust holds what Azure requires and nothing else, all of it in one write',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: async () => {
        const group = await stage.get(nsgBastion);
        const rules = listAt(group, 'properties', 'securityRules').filter((rule) => textAt(rule, 'name') !== required);
        const properties = inboundRule({
          access: 'Allow',
          priority: 200,
          sourceAddressPrefix: '203.0.113.0/24',
          destinationPortRange: '22',
        });
        const securityRules = [...rules, { name: foreign, properties }];
        await stage.put(actor, nsgBastion, withProperties(group, { securityRules }));
      },
      says: [/Done: put nsg-bastion\/AllowHttpOutBound back/, /Done: remove nsg-bastion\/allow-ssh-for-support/],
      writes: ['PUT nsg-bastion'],
    });
  },
};
