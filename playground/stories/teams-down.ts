/** Teams refuses every card for a while: the mail does not wait for it, and the card comes later. */
import { checkSays, checkToldTimes } from './alerts';
import { inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const teamsDown: Story = {
  name: 'teams-down',
  title: 'Teams is down when the alert is due',
  proves: 'an alert is recorded before it is sent: one channel’s trouble holds up no other, and nothing is lost',
  play: playOutage,
};

async function playOutage(stage: Stage): Promise<void> {
  const { inbox, writes } = stage.playground;
  await stage.faults({ teams: { status: 500, times: 1000 } });
  stage.say('Teams answers 500 to everything');
  const properties = inboundRule({
    access: 'Allow',
    priority: 120,
    sourceAddressPrefix: 'Internet',
    destinationPortRange: '22',
  });
  await stage.put(actor, `${nsgApp}/securityRules/allow-ssh`, { properties });
  await stage.until('the mail came although Teams was down', () => inbox().mail.length === 1);
  stage.check(
    'the drift was repaired all the same',
    writes().some((write) => write.byApp && write.status < 300),
  );
  stage.check('Teams had nothing by then', inbox().teams.length === 0);
  await stage.faults({});
  stage.say('Teams is back; the outbox comes to the card 20 s after the incident was closed');
  await stage.rest();

  const [card] = inbox().teams;
  const [letter] = inbox().mail;
  const late = Date.parse(card?.receivedAt ?? '') - Date.parse(letter?.receivedAt ?? '');
  stage.check(
    card === undefined ? 'Teams was told later' : `Teams was told ${Math.round(late / 1000)} s after the mail`,
    late > 0,
  );
  checkToldTimes(stage, 1);
  checkSays(stage, 'both tell the same: the rule and who wrote it', 'allow-ssh', actor);
}
