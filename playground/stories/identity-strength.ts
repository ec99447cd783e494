/** The strength that the sign-in policy asks for is replaced by a custom one of the same name that a phished code meets. */
import { playSignIn } from './identity-drift';
import { textAt } from '../json';
import { administrator, signInPolicy } from './identity-scene';
import type { Stage, Story } from './stage';

const name = 'Phishing-resistant MFA';

export const identityStrength: Story = {
  name: 'identity-strength',
  title: 'The strength is replaced by a look-alike of the same name',
  proves: 'a strength is known by its id and by what it takes, never by its name: the built-in one is asked for again',
  play: playLookAlike,
};

async function playLookAlike(stage: Stage): Promise<void> {
  await playSignIn(stage, {
    heardBy: 'audit log',
    change: async () => {
      const strength = await stage.graph(administrator, 'POST', '/policies/authenticationStrengthPolicies', {
        displayName: name,
        allowedCombinations: ['fido2', 'password,sms'],
      });
      await stage.graph(administrator, 'PATCH', signInPolicy, {
        grantControls: { operator: 'OR', authenticationStrength: { id: textAt(strength, 'id') } },
      });
    },
    says: ['strength', name, 'password,sms', /Done: /],
    writes: ['PATCH policies'],
    leaves: [new RegExp(`^${name} \\(.*: none → `)],
  });
}
