/** The guardrail comes to an estate that has long been open: it tells, and touches nothing until a person says so. */
import { defaultEstate, readEstate } from '../estate-file';
import { at, isObject, listAt, parseJson, textAt } from '../json';
import { checkSays, checkToldTimes } from './alerts';
import { bastionReaches, getThrough } from './reach';
import { ruleDifference, withRule } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const rule = 'allow-rdp-since-2019';

export const firstLook: Story = {
  name: 'first-look',
  title: 'First look at an estate that has been open for years',
  proves: 'what was there before the guardrail came is told once and left alone, until a person has it repaired',
  play: playFirstLook,
};

async function playFirstLook(stage: Stage): Promise<void> {
  stage.say(`an estate that has had ${rule} for years; the guardrail looks for the first time`);
  await stage.playground.reset(readEstate(defaultEstate).map(opened), 'network');
  const found = await stage.get(nsgApp);
  stage.check('the neighbour gets through', neighbourGetsIn(found));
  checkToldTimes(stage, 1, 'first look: ');
  checkSays(stage, 'both say that it is standing, and that a person decides', 'standing', rule);
  await stage.sweep();
  checkToldTimes(stage, 1, 'a second look: still, ');

  const accept = await stage.guardrail('accept');
  stage.check('accept counts it as standing', accept.exitCode === 0 && /1 standing finding/.test(accept.output));
  await stage.sweep();
  checkToldTimes(stage, 1, 'accepted: still, ');
  stage.check('so far nothing was written', !stage.playground.writes().some((write) => write.byApp));

  const approve = await stage.guardrail('approve', await fingerprint(stage), '--by', 'Sam Duty');
  await stage.rest();
  const after = await stage.get(nsgApp);
  stage.show('What approve changed, read from ARM:', ruleDifference(found, after));
  stage.check('approve says that it is repaired', approve.exitCode === 0);
  stage.check('approved: the neighbour is denied', !neighbourGetsIn(after));
  stage.check('Bastion still reaches 22 and 3389', bastionReaches(after));
  checkToldTimes(stage, 2, 'in all: ');
}

/** nsg-app as it has been for years; every other resource as it is. */
function opened(resource: unknown): unknown {
  if (textAt(resource, 'id').toLowerCase() !== nsgApp.toLowerCase()) return resource;
  const properties = inboundRule({
    access: 'Allow',
    priority: 150,
    sourceAddressPrefix: 'VirtualNetwork',
    destinationPortRange: '3389',
  });
  return withRule(resource, { name: rule, properties });
}

async function fingerprint(stage: Stage): Promise<string> {
  const { output } = await stage.guardrail('plan', '--format', 'json');
  const held = listAt(parseJson(output), 'plans', 0, 'held').filter(isObject);
  stage.check('plan shows it as held: standing', held.length === 1 && at(held, 0, 'hold', 'reason') === 'standing');
  return textAt(held, 0, 'fingerprint');
}

function neighbourGetsIn(group: unknown): boolean {
  return getThrough(group, [addresses.neighbour], 3389).length > 0;
}
