/** Somebody may be logged in by the time a rule is closed: the alert does not pretend otherwise. */
import { at } from '../json';
import { checkSays, witness } from './alerts';
import { playRoad } from './road';
import { inboundRule, nsgApp } from './scene';
import type { Story } from './stage';

const actor = 'Dana Ops';

export const openSessions: Story = {
  name: 'open-sessions',
  title: 'A rule was open for a moment: who came in may still be there',
  proves: 'the guardrail cuts nobody off unasked, and says that sessions opened before may still be up',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: async () => {
        const properties = inboundRule({
          access: 'Allow',
          priority: 120,
          sourceAddressPrefix: '10.0.5.0/24',
          destinationPortRange: '22',
        });
        await stage.put(actor, `${nsgApp}/securityRules/allow-ssh-from-build`, { properties });
      },
      says: [witness(22), /Done: remove nsg-app\/allow-ssh-from-build/],
      writes: ['PUT nsg-app'],
    });
    checkSays(stage, 'both say that sessions opened before may still be up', /[Ss]essions .* may still be up/);
    const flush = at(await stage.get(nsgApp), 'properties', 'flushConnection');
    stage.check('connections were not flushed, because the policy does not ask for it', flush !== true);
  },
};
