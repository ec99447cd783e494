/** A subnet's traffic is sent through an appliance: a change of a road that opens none. */
import { checkToldOf } from './alerts';
import { estateDifference, estateOf } from './estate';
import { bastionReaches } from './reach';
import { checkWrites } from './road';
import { withProperties } from './rules';
import { idIn, nsgApp, subnetOfVm } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Kim Network';
const table = idIn('rg-app', 'routeTables', 'rt-app');

export const routesChanged: Story = {
  name: 'routes-changed',
  title: 'A subnet’s traffic to the Internet goes through an appliance from now on',
  proves: 'every change of a road is looked at, and one that lets nobody in is left alone',
  play: playRouted,
};

async function playRouted(stage: Stage): Promise<void> {
  const before = await estateOf(stage);
  const route = { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.5.4' };
  const routes = [{ name: 'to-appliance', properties: route }];
  await stage.put(actor, table, { location: 'westeurope', properties: { routes } });
  await stage.put(actor, subnetOfVm, withProperties(await stage.get(subnetOfVm), { routeTable: { id: table } }));
  const changed = await estateOf(stage);
  await stage.rest();
  const after = await estateOf(stage);
  stage.show('What the person changed:', estateDifference(before, changed));
  stage.check('the route stands', estateDifference(before, changed).length > 0);
  const looks = stage.playground.runs().filter((run) => run.name === 'networkChanged');
  stage.check('the guardrail looked because of it', looks.length > 0);
  stage.check('and left everything as it was', estateDifference(changed, after).length === 0);
  stage.check('Bastion still reaches 22 and 3389', bastionReaches(after.get(nsgApp.toLowerCase())));
  checkWrites(stage, []);
  checkToldOf(stage, actor, 0);
}
