/** The rules by which Bastion comes to a machine go, at the machine's end and at Bastion's own. */
import { playRoad } from './road';
import { inboundRule, nsgApp, nsgBastion } from './scene';
import type { Story } from './stage';

const actor = 'Dana Ops';

export const bastionLockedOut: Story = {
  name: 'bastion-locked-out',
  title: 'Bastion itself is locked out, at both ends',
  proves: 'a guardrail must not become a wall: the one way that is meant to be open is opened again, and no other',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: async () => {
        await stage.send(actor, 'DELETE', `${nsgApp}/securityRules/allow-ssh-rdp-from-bastion`);
        const properties = inboundRule({
          direction: 'Outbound',
          access: 'Deny',
          priority: 105,
          sourceAddressPrefix: '*',
          destinationPortRange: '80',
        });
        await stage.put(actor, `${nsgBastion}/securityRules/no-plain-http`, { properties });
      },
      says: [/Done: put nsg-app\/allow-ssh-rdp-from-bastion back/, /Done: remove nsg-bastion\/no-plain-http/],
      writes: ['PUT nsg-bastion', 'PUT nsg-app'],
    });
  },
};
