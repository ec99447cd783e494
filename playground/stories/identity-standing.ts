/** Ways around the activation that nobody may repair but a person: a standing Reader, and a role that does the same by another name. */
import { listAt, textAt } from '../json';
import { playSignIn } from './identity-drift';
import {
  administrator,
  authorization,
  bastionRole,
  people,
  reader,
  roleDefinition,
  subscriptionScope,
} from './identity-scene';
import type { Stage, Story } from './stage';

const guid = '4ead0000-0000-4000-8000-000000000001';

export const identityReader: Story = {
  name: 'identity-reader',
  title: 'Somebody becomes a standing Reader of everything',
  proves:
    'Bastion needs no more than Reader: who can open it without activating anything is named, and nothing is taken away',
  play: playReader,
};

async function playReader(stage: Stage): Promise<void> {
  await playSignIn(stage, {
    heardBy: 'event',
    change: async () => {
      await stage.send(administrator, 'PUT', authorization(subscriptionScope, `roleAssignments/${guid}`), {
        properties: { principalId: people.alex, principalType: 'User', roleDefinitionId: roleDefinition(reader) },
      });
    },
    says: [
      /alex@contoso\.example is active Reader on .* can open Bastion to vm-app-1\b.*without activating anything/,
      'report',
    ],
    writes: [],
  });
}

export const identityOtherRole: Story = {
  name: 'identity-other-role',
  title: 'A new role does what the Bastion role does, by another name',
  proves: 'roles are judged by what they allow: the copy is found by its actions, and told',
  play: playOtherRole,
};

async function playOtherRole(stage: Stage): Promise<void> {
  const role = await stage.get(authorization(subscriptionScope, `roleDefinitions/${bastionRole}`));
  await playSignIn(stage, {
    heardBy: 'event',
    change: async () => {
      await stage.send(administrator, 'PUT', authorization(subscriptionScope, `roleDefinitions/${guid}`), {
        properties: {
          roleName: 'Ops Helpers',
          type: 'CustomRole',
          description: textAt(role, 'properties', 'description'),
          assignableScopes: [subscriptionScope],
          permissions: listAt(role, 'properties', 'permissions'),
        },
      });
    },
    says: ['Ops Helpers', 'Bastion Users'],
    writes: [],
  });
}
