/** A group is slipped into the exclusions of the sign-in policy, together with an edit that harms nobody. */
import { at } from '../json';
import { playSignIn } from './identity-drift';
import { administrator, policyNow, signInPolicy, teamGroup } from './identity-scene';
import type { Stage, Story } from './stage';

const newName = 'Bastion: phishing-resistant sign-in (reviewed)';

export const identityExcludedGroup: Story = {
  name: 'identity-excluded-group',
  title: 'A group is slipped into the exclusions of the sign-in policy',
  proves: 'exclusions are the break-glass accounts and nobody else; a new name given in the same edit stays',
  play: playExcluded,
};

async function playExcluded(stage: Stage): Promise<void> {
  await playSignIn(stage, {
    heardBy: 'audit log',
    change: async () => {
      const excluded = at(await policyNow(stage), 'conditions', 'users', 'excludeGroups');
      await stage.graph(administrator, 'PATCH', signInPolicy, {
        displayName: newName,
        conditions: { users: { excludeGroups: [...(Array.isArray(excluded) ? excluded : []), teamGroup] } },
      });
    },
    says: [
      'grp-bastion-team',
      /alex@contoso\.example may activate .* is asked for nothing/,
      /Done: Exclude the break-glass/,
    ],
    writes: ['PATCH policies'],
    leaves: [/displayName: .*reviewed/],
  });
}
