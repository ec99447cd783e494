/** The sign-in policy is switched to report-only, and somebody activates the role before it is enabled again. */
import { textAt } from '../json';
import { checkSays } from './alerts';
import { estateDifference } from './estate';
import { playSignIn } from './identity-drift';
import {
  administrator,
  authorization,
  bastionRole,
  people,
  roleDefinition,
  scopeOf,
  signInPolicy,
} from './identity-scene';
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
      await activate(stage, 'alex@contoso.example', people.alex);
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

/** A person who is eligible activates the role, as the portal does, and waits until PIM has given it. */
async function activate(stage: Stage, actor: string, principalId: string): Promise<void> {
  const name = 'ac710000-0000-4000-8000-000000000001';
  const request = authorization(scopeOf('rg-app'), `roleAssignmentScheduleRequests/${name}`);
  await stage.send(actor, 'PUT', request, {
    properties: {
      principalId,
      roleDefinitionId: roleDefinition(bastionRole),
      requestType: 'SelfActivate',
      justification: 'patching vm-app-1',
      scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'PT1H' } },
    },
  });
  const isGiven = async (): Promise<boolean> =>
    textAt(await stage.get(request), 'properties', 'status') === 'Provisioned';
  await stage.until('somebody who is eligible activated the role meanwhile', isGiven);
}
