/** A break-glass account is disabled, and then the sign-in policy is weakened: nothing is made stricter without a way back in. */
import { playSignIn } from './identity-drift';
import { administrator, people, signInPolicy } from './identity-scene';
import type { Stage, Story } from './stage';

export const identityBreakGlass: Story = {
  name: 'identity-break-glass',
  title: 'A break-glass account is disabled before the sign-in policy is weakened',
  proves: 'a repair that could lock everybody out is held, and the alert says what has to be put right first',
  play: playBreakGlass,
};

async function playBreakGlass(stage: Stage): Promise<void> {
  await playSignIn(stage, {
    heardBy: 'audit log',
    change: async () => {
      await stage.graph(administrator, 'PATCH', `/users/${people.breakGlass}`, { accountEnabled: false });
      await stage.graph(administrator, 'PATCH', signInPolicy, { state: 'enabledForReportingButNotEnforced' });
    },
    says: ['report-only', 'break-glass-2@contoso.example', /lock everybody out/],
    writes: [],
  });
}
