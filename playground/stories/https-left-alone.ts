/** A legitimate rule for a web service, which nobody may touch or complain about. */
import { checkToldTimes } from './alerts';
import { ruleDifference } from './rules';
import { inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

export const httpsLeftAlone: Story = {
  name: 'https-left-alone',
  title: 'A legitimate 443 rule',
  proves: 'the guardrail looks at every change and leaves alone what the policy does not forbid',
  play: playLegitimate,
};

async function playLegitimate(stage: Stage): Promise<void> {
  const before = await stage.get(nsgApp);
  const looksBefore = looks(stage);
  await stage.put('Dana Ops', `${nsgApp}/securityRules/allow-https-from-internet`, {
    properties: inboundRule({
      access: 'Allow',
      priority: 310,
      sourceAddressPrefix: 'Internet',
      destinationPortRange: '443',
    }),
  });
  const written = await stage.get(nsgApp);
  await stage.rest();
  const after = await stage.get(nsgApp);

  stage.show('What is left of the change, read from ARM:', ruleDifference(before, after));
  stage.check('the guardrail looked', looks(stage) > looksBefore);
  stage.check('the rule stands as written', ruleDifference(written, after).length === 0);
  stage.check('the rule is there at all', ruleDifference(before, after).length === 1);
  stage.check('the guardrail wrote nothing', !stage.playground.writes().some((write) => write.byApp));
  checkToldTimes(stage, 0);
}

function looks(stage: Stage): number {
  return stage.playground.runs().filter((run) => run.name === 'nsgChanged' && run.error === undefined).length;
}
