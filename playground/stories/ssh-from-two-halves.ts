/** SSH opened by a PUT of the whole group: the Internet in two halves, under a decoy Deny for one address. */
import { listAt } from '../json';
import { playDrift } from './drift';
import { withProperties } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const sshFromTwoHalves: Story = {
  name: 'ssh-from-two-halves',
  title: 'SSH opened to the Internet in two halves, under a decoy Deny',
  proves: 'what counts is the set of sources that get through, not how a rule is spelled or what stands above it',
  play: async (stage) => {
    await playDrift(stage, {
      actor,
      port: 22,
      rule: 'allow-ssh-maintenance',
      bystanders: ['deny-known-scanner'],
      intruders: [...addresses.internet, addresses.neighbour],
      change: (clean) => putGroup(stage, clean),
    });
  },
};

async function putGroup(stage: Stage, group: unknown): Promise<unknown> {
  const securityRules = [
    ...listAt(group, 'properties', 'securityRules'),
    {
      name: 'deny-known-scanner',
      properties: inboundRule({
        access: 'Deny',
        priority: 110,
        sourceAddressPrefix: addresses.decoy,
        destinationPortRange: '22',
      }),
    },
    {
      name: 'allow-ssh-maintenance',
      properties: inboundRule({
        access: 'Allow',
        priority: 120,
        sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'],
        destinationPortRange: '22',
      }),
    },
  ];
  return stage.put(actor, nsgApp, withProperties(group, { securityRules }));
}
