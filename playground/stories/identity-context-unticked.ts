/** The authentication context is unticked in the PIM settings of the role, in favour of ordinary MFA. */
import { playSignIn } from './identity-drift';
import { activateInApp, administrator, authorization, people, roleSettings, scopeOf } from './identity-scene';
import type { Stage, Story } from './stage';

const scope = scopeOf('rg-app');

export const identityContextUnticked: Story = {
  name: 'identity-context-unticked',
  title: 'The authentication context is unticked in PIM',
  proves:
    'an event tells of it, and both rules are put back in one write, because PIM refuses the context beside its own MFA; who activated meanwhile is named',
  play: playUnticked,
};

async function playUnticked(stage: Stage): Promise<void> {
  await playSignIn(stage, {
    heardBy: 'event',
    change: async () => {
      await untick(stage);
      await activateInApp(stage, 'alex@contoso.example', people.alex);
    },
    says: [
      'MultiFactorAuthentication',
      /Done: Demand context c1/,
      /alex@contoso\.example activated .*whatever is repaired/,
    ],
    leaves: [/^[\da-f-]{36}: none → /],
    writes: ['PATCH roleManagementPolicies on rg-app'],
  });
}

/** As the portal does it: "Azure MFA" instead of the context takes both rules. */
async function untick(stage: Stage): Promise<void> {
  const { name, rules } = await roleSettings(stage, scope);
  const context = rules.get('AuthenticationContext_EndUser_Assignment');
  const enablement = rules.get('Enablement_EndUser_Assignment');
  await stage.send(administrator, 'PATCH', authorization(scope, `roleManagementPolicies/${name}`), {
    properties: {
      rules: [
        { ...context, isEnabled: false, claimValue: '' },
        { ...enablement, enabledRules: ['MultiFactorAuthentication', 'Justification'] },
      ],
    },
  });
}
