/** Somebody is made permanently active in the Bastion role: kept for a person, and taken away at their word. */
import { isObject, listAt, parseJson, textAt } from '../json';
import { checkSays, checkToldTimes } from './alerts';
import { estateDifference } from './estate';
import { checkSignInWrites, playSignIn } from './identity-drift';
import { administrator, authorization, bastionRole, people, roleDefinition, scopeOf } from './identity-scene';
import { tenantOf } from './identity-tenant';
import type { Stage, Story } from './stage';

const assignment = '57a2d000-0000-4000-8000-000000000001';

export const identityPermanent: Story = {
  name: 'identity-permanent',
  title: 'Somebody is made permanently active in the Bastion role',
  proves:
    'who holds the role without activating it is told with the way around the sign-in, and a person’s word ends it',
  play: playPermanent,
};

async function playPermanent(stage: Stage): Promise<void> {
  const { before } = await playSignIn(stage, {
    heardBy: 'event',
    change: () => assign(stage),
    says: ['needs-approval', 'sam@contoso.example', 'rg-app'],
    writes: [],
  });
  // PIM takes nothing away that is younger than five minutes.
  await advance(stage, 6);
  const approve = await stage.guardrail('approve', await fingerprint(stage), '--by', 'Sam Duty');
  await stage.rest();
  const left = estateDifference(before, await tenantOf(stage));
  stage.check('approve says that it is repaired', approve.exitCode === 0);
  stage.check(`all is as it was before${left.length > 0 ? ` (not so: ${left.join('; ')})` : ''}`, left.length === 0);
  checkSignInWrites(stage, ['PUT roleAssignmentScheduleRequests on rg-app']);
  checkSays(stage, 'both say that it is taken away', /Done: .*sam@contoso\.example/);
  checkToldTimes(stage, 2, 'in all: ');
}

async function assign(stage: Stage): Promise<void> {
  await stage.send(administrator, 'PUT', authorization(scopeOf('rg-app'), `roleAssignments/${assignment}`), {
    properties: { principalId: people.sam, principalType: 'User', roleDefinitionId: roleDefinition(bastionRole) },
  });
}

async function advance(stage: Stage, minutes: number): Promise<void> {
  const answer = await fetch(`${stage.playground.endpoints.control}/clock`, {
    method: 'POST',
    body: JSON.stringify({ advanceMs: minutes * 60_000 }),
  });
  if (!answer.ok) throw new Error(`the clock answered ${answer.status}`);
  stage.say(`${minutes} minutes pass`);
}

async function fingerprint(stage: Stage): Promise<string> {
  const { output } = await stage.guardrail('plan', '--format', 'json');
  const plans = listAt(parseJson(output), 'plans').filter(isObject);
  const held = plans.flatMap((plan) => listAt(plan, 'held')).filter(isObject);
  return textAt(held, 0, 'fingerprint');
}
