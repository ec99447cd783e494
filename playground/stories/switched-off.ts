/** Drift while the guardrail does not run, and whose event is lost: only the sweep can find it. */
import { checkSays, checkToldTimes, showCard } from './alerts';
import { checkOpened, checkRepaired, checkWrote, type Opening, showCourse } from './drift';
import { withRule } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const opening: Opening = { port: 22, rule: 'allow-ssh', intruders: addresses.internet };

export const switchedOff: Story = {
  name: 'switched-off',
  title: 'Drift while the guardrail is switched off, and the event is lost',
  proves: 'what no event told is found by the sweep, and the alert does not pretend to know who it was',
  play: playUnseen,
};

async function playUnseen(stage: Stage): Promise<void> {
  const { host } = stage.playground;
  const clean = await stage.get(nsgApp);
  await host.kill('SIGTERM');
  await stage.faults({ events: { drop: 1 } });
  stage.say('the function app is stopped, and Event Grid loses what it is given');
  const properties = inboundRule({
    access: 'Allow',
    priority: 120,
    sourceAddressPrefix: 'Internet',
    destinationPortRange: '22',
  });
  const rule = await stage.put('Dana Ops', `${nsgApp}/securityRules/${opening.rule}`, { properties });
  const opened = withRule(clean, rule);
  stage.say('the function app is started again; the sweep, which a timer starts every 15 minutes, is started by hand');
  await host.restart();
  await stage.faults({});
  await stage.rest();
  stage.check('started again, nobody told it anything: it has not written', !hasWritten(stage));
  await stage.sweep();
  const after = await stage.get(nsgApp);

  const course = { clean, opened, after };
  showCourse(stage, course);
  showCard(stage);
  checkOpened(stage, opening, opened);
  checkRepaired(stage, opening, course);
  checkWrote(stage, 1);
  checkSays(stage, 'both name the rule and say that the sweep found it', opening.rule, 'sweep');
  checkToldTimes(stage, 1);
}

function hasWritten(stage: Stage): boolean {
  return stage.playground.writes().some((write) => write.byApp);
}
