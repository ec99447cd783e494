/** A machine joins an application security group whose members anybody in the network may reach by RDP. */
import { defaultEstate, readEstate } from '../estate-file';
import { textAt } from '../json';
import { witness } from './alerts';
import { withIpConfiguration } from './interface';
import { playRoad } from './road';
import { withRule } from './rules';
import { idIn, inboundRule, interfaceOfVm, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const members = idIn('rg-app', 'applicationSecurityGroups', 'asg-training');

export const asgJoined: Story = {
  name: 'asg-joined',
  title: 'A machine joins an application security group that RDP is open to',
  proves: 'a rule that let nobody in becomes a way in without a change of any rule, and that is seen as well',
  play: playJoined,
};

async function playJoined(stage: Stage): Promise<void> {
  stage.say('the same estate, with a rule for a group that has no members yet');
  await stage.playground.reset([...readEstate(defaultEstate).map(prepared), group()], 'network');
  await playRoad(stage, {
    actor,
    change: async () => {
      const nic = await stage.get(interfaceOfVm);
      await stage.put(actor, interfaceOfVm, withIpConfiguration(nic, { applicationSecurityGroups: [{ id: members }] }));
    },
    says: [
      'nsg-app/allow-rdp-to-training',
      witness(3389),
      /Done: put .* applicationSecurityGroups of nic-vm-app-1 back/,
    ],
    writes: ['PUT nic-vm-app-1'],
  });
}

function group(): object {
  const type = 'Microsoft.Network/applicationSecurityGroups';
  return { name: 'asg-training', id: members, type, location: 'westeurope', properties: {} };
}

function prepared(resource: unknown): unknown {
  if (textAt(resource, 'id').toLowerCase() !== nsgApp.toLowerCase()) return resource;
  const { destinationAddressPrefix: _, ...properties } = {
    destinationAddressPrefix: '',
    ...inboundRule({
      access: 'Allow',
      priority: 150,
      sourceAddressPrefix: 'VirtualNetwork',
      destinationPortRange: '3389',
    }),
  };
  const destination = { destinationApplicationSecurityGroups: [{ id: members }] };
  return withRule(resource, { name: 'allow-rdp-to-training', properties: { ...properties, ...destination } });
}
