/** A rule for the whole virtual network that would make any machine in it a jump host. */
import { playDrift } from './drift';
import { withRule } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Story } from './stage';

const actor = 'Dana Ops';

export const rdpFromVirtualNetwork: Story = {
  name: 'rdp-from-virtual-network',
  title: 'RDP opened to the virtual network: a jump host in the making',
  proves: 'the inside is not trusted either: from Bastion means from Bastion, not from its neighbours or peers',
  play: async (stage) => {
    await playDrift(stage, {
      actor,
      port: 3389,
      rule: 'allow-rdp-from-vnet',
      intruders: [addresses.neighbour, addresses.hub],
      change: async (clean) => {
        const rule = await stage.put(actor, `${nsgApp}/securityRules/allow-rdp-from-vnet`, {
          properties: inboundRule({
            access: 'Allow',
            priority: 150,
            sourceAddressPrefix: 'VirtualNetwork',
            destinationPortRange: '3389',
          }),
        });
        return withRule(clean, rule);
      },
    });
  },
};
