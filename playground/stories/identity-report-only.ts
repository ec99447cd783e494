/** The sign-in policy is switched to report-only, and somebody activates the role before it is enabled again. */
import { checkSays } from './alerts';
import { estateDifference } from './estate';
import { playSignIn } from './identity-drift';
import { activateInApp, administrator, people, signInPolicy } from './identity-scene';
import type { Stage, Story } from './stage';

export const identityReportOnly: Story = {
  name: 'identity-report-only',
  title: 'The sign-in policy is switched to report-only',
  proves:
    'the directory’s audit log tells of it, the policy is enforced again and nothing else of it is written, and who got in meanwhile is named',
  play: playReportOnly,
};

async function playReportOnly(stage: Stage): Promise<void> {
  const { changed, after } = await playSignIn(stage, {
    heardBy: 'audit log',
    change: async () => {
      await stage.graph(administrator, 'PATCH', signInPolicy, { state: 'enabledForReportingButNotEnforced' });
      await activateInApp(stage, 'alex@contoso.example', people.alex);
    },
    says: ['report-only', 'Proof', 'before: enabledForReportingButNotEnforced', 'a policy is left enforced'],
    writes: ['PATCH policies'],
    leaves: [/^[\da-f-]{36}: none → /],
  });
  const repaired = estateDifference(changed, after);
  stage.check('only the state was written', repaired.length === 1 && /state: .* → enabled$/.test(repaired[0] ?? ''));
  checkSays(
    stage,
    'both name the activation that outlives the repair',
    /alex@contoso\.example activated Bastion Users on rg-app .*whatever is repaired/,
  );
}
