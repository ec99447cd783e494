/** An operator halts every write from the command line, drift comes, and the operator lets it go on. */
import { checkSays, checkToldTimes } from './alerts';
import { bastionReaches, getThrough } from './reach';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const rule = 'allow-rdp-from-vnet';

export const halted: Story = {
  name: 'halt',
  title: 'Halt: the operator stops every write, and lets it go on',
  proves:
    'a halt works at once and without a deployment; looking and telling go on, and what was held is taken up later',
  play: playHalt,
};

async function playHalt(stage: Stage): Promise<void> {
  const halt = await stage.guardrail('halt', '--why', 'change freeze', '--by', 'Sam Duty');
  stage.check('halt ended with exit code 0', halt.exitCode === 0);
  const properties = inboundRule({
    access: 'Allow',
    priority: 150,
    sourceAddressPrefix: 'VirtualNetwork',
    destinationPortRange: '3389',
  });
  await stage.put('Dana Ops', `${nsgApp}/securityRules/${rule}`, { properties });
  await stage.rest();
  const open = await stage.get(nsgApp);
  stage.check('halted: nothing was written', !stage.playground.writes().some((write) => write.byApp));
  stage.check('halted: the neighbour still gets through', neighbourGetsIn(open));
  checkToldTimes(stage, 1, 'halted: ');
  checkSays(stage, 'both say that it is held, why, and by whom', 'halted', 'change freeze', 'Sam Duty', rule);

  const resume = await stage.guardrail('resume');
  stage.check('resume ended with exit code 0', resume.exitCode === 0);
  await stage.sweep();
  const after = await stage.get(nsgApp);
  stage.check('resumed: the next look closed it', !neighbourGetsIn(after));
  stage.check('Bastion still reaches 22 and 3389', bastionReaches(after));
  checkSays(stage, 'both were told that it is repaired', /Repaired: /, rule);
  checkToldTimes(stage, 2, 'in all: ');
}

function neighbourGetsIn(group: unknown): boolean {
  return getThrough(group, [addresses.neighbour], 3389).length > 0;
}
