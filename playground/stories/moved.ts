/** A security group is moved to another resource group, and opened right after: another id, the same protection. */
import { isObject, textAt } from '../json';
import { checkSays, checkToldOf, showCard } from './alerts';
import { estateDifference, estateOf } from './estate';
import { bastionReaches, getThrough } from './reach';
import { checkWrites } from './road';
import { ruleDifference } from './rules';
import { addresses, idIn, inboundRule, nsgApp, subnetOfVm, subscription } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const moved = idIn('rg-data', 'networkSecurityGroups', 'nsg-app');

export const movedAway: Story = {
  name: 'moved',
  title: 'A security group is moved to another resource group, and opened there',
  proves: 'a new id is no new start: a move is no finding by itself, and what is opened afterwards is closed as ever',
  play: playMoved,
};

async function playMoved(stage: Stage): Promise<void> {
  const body = {
    resources: [nsgApp],
    targetResourceGroup: `/subscriptions/${subscription}/resourceGroups/rg-data`,
  };
  await stage.send(actor, 'POST', `/subscriptions/${subscription}/resourceGroups/rg-app/moveResources`, body);
  await stage.until('the group stands in rg-data', () => isThere(stage));
  await stage.rest();
  stage.check('the subnet goes by the new id', (await groupOfSubnet(stage)) === moved);
  checkToldOf(stage, actor, 0);
  checkWrites(stage, []);

  const clean = await stage.get(moved);
  const calm = await estateOf(stage);
  const properties = inboundRule({
    access: 'Allow',
    priority: 120,
    sourceAddressPrefix: 'Internet',
    destinationPortRange: '3389',
  });
  await stage.put(actor, `${moved}/securityRules/allow-rdp`, { properties });
  await stage.rest();
  const after = await stage.get(moved);
  stage.show('What was done about the rule, read from ARM:', ruleDifference(clean, after));
  showCard(stage);
  stage.check('the rule is closed', getThrough(after, addresses.internet, 3389).length === 0);
  stage.check('all is as it was after the move', estateDifference(calm, await estateOf(stage)).length === 0);
  stage.check('Bastion still reaches 22 and 3389', bastionReaches(after));
  checkSays(stage, `both name the rule and who wrote it (${actor})`, 'allow-rdp', actor);
  checkToldOf(stage, actor, 1);
}

async function isThere(stage: Stage): Promise<boolean> {
  return [...(await estateOf(stage)).keys()].includes(moved.toLowerCase());
}

async function groupOfSubnet(stage: Stage): Promise<string> {
  const subnet = await stage.get(subnetOfVm);
  return isObject(subnet) ? textAt(subnet, 'properties', 'networkSecurityGroup', 'id') : '';
}
