/** A colleague adds a rule between the guardrail's read and its write: both must stand afterwards. */
import { isObject, listAt, textAt } from '../json';
import { checkToldTimes, showCard } from './alerts';
import { bastionReaches, getThrough } from './reach';
import { ruleDifference, ruleLines, withRule } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const colleague = 'Kim Network';
const theirs = 'allow-monitoring';

export const colleagueEdits: Story = {
  name: 'colleague',
  title: 'A colleague edits the group while it is being repaired',
  proves: 'the write carries the etag of what was read, so nobody’s edit is lost: refused, looked at again, repaired',
  play: playRace,
};

async function playRace(stage: Stage): Promise<void> {
  const clean = await stage.get(nsgApp);
  await stage.faults({ rules: [{ match: { method: 'PUT', path: '/nsg-app$' }, delayMs: 1500, times: 1 }] });
  await stage.control('DELETE', '/requests');
  stage.say('the next write of the whole group takes 1.5 s on its way');
  const rdp = await put(stage, 'Dana Ops', 'allow-rdp', 120, 'Internet', '3389');
  await stage.until('the guardrail had read the group when the colleague wrote', () => hasRead(stage));
  const monitoring = await put(stage, colleague, theirs, 320, '10.0.5.0/24', '9100');
  await stage.rest();
  const after = await stage.get(nsgApp);

  const opened = withRule(withRule(clean, rdp), monitoring);
  stage.show('What the two people changed:', ruleDifference(clean, opened));
  stage.show('What was done about it, read from ARM:', ruleDifference(opened, after));
  showCard(stage);
  const statuses = stage.playground
    .writes()
    .filter((write) => write.byApp)
    .map((write) => write.status);
  stage.check(`the guardrail’s writes were answered ${statuses.join(' and ')}`, statuses.join() === '412,200');
  const { rule, kept } = { rule: ruleLines(opened).get(theirs), kept: ruleLines(after).get(theirs) };
  stage.check('the colleague’s rule stands as written', rule !== undefined && rule === kept);
  stage.check('RDP is closed again', getThrough(after, addresses.internet, 3389).length === 0);
  stage.check('Bastion still reaches 22 and 3389', bastionReaches(after));
  stage.check('nothing else was changed', ruleDifference(withRule(clean, monitoring), after).length === 0);
  checkToldTimes(stage, 1);
}

async function put(
  stage: Stage,
  actor: string,
  name: string,
  priority: number,
  source: string,
  port: string,
): Promise<unknown> {
  const properties = inboundRule({
    access: 'Allow',
    priority,
    sourceAddressPrefix: source,
    destinationPortRange: port,
  });
  return stage.put(actor, `${nsgApp}/securityRules/${name}`, { properties });
}

async function hasRead(stage: Stage): Promise<boolean> {
  const requests = await stage.control('GET', '/requests');
  return listAt(requests)
    .filter(isObject)
    .some((request) => textAt(request, 'method') === 'GET' && /networkSecurityGroups/i.test(textAt(request, 'path')));
}
