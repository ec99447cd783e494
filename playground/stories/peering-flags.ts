/** Forwarded traffic and gateway transit are switched on at a peering: put back at once, or kept for a person. */
import { isObject, listAt, parseJson, textAt } from '../json';
import { checkSays, checkToldTimes } from './alerts';
import { estateDifference, estateOf } from './estate';
import { checkWrites, playRoad } from './road';
import { withProperties } from './rules';
import { hubNetwork, spoke } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const fromSpoke = `${spoke}/virtualNetworkPeerings/app-to-hub`;
const fromHub = `${hubNetwork}/virtualNetworkPeerings/hub-to-app`;

export const peeringFlags: Story = {
  name: 'peering-flags',
  title: 'A peering is made to forward other networks’ traffic',
  proves: 'what the change itself switched on is switched off again, because nobody can rely on it yet',
  play: async (stage) => {
    await playRoad(stage, {
      actor,
      change: () => switchOn(stage, fromSpoke, { allowForwardedTraffic: true }),
      says: ['app-to-hub', 'allowForwardedTraffic', /Done: .*allowForwardedTraffic/],
      writes: ['PUT app-to-hub'],
    });
  },
};

export const peeringFlagsUnheard: Story = {
  name: 'peering-flags-unheard',
  title: 'Gateway transit was switched on, and no event told of it',
  proves: 'who knows how long networks have relied on it: it is told and held, and a person’s word repairs it',
  play: playUnheard,
};

async function playUnheard(stage: Stage): Promise<void> {
  const before = await estateOf(stage);
  await stage.faults({ events: { drop: 1 } });
  stage.say('Event Grid loses the event');
  await switchOn(stage, fromHub, { allowGatewayTransit: true });
  await stage.faults({});
  const changed = await estateOf(stage);
  await stage.sweep();
  stage.show('What the person changed:', estateDifference(before, changed));
  stage.check('nothing was touched', estateDifference(changed, await estateOf(stage)).length === 0);
  checkWrites(stage, []);
  checkSays(
    stage,
    'both say that it waits for an approval, and for whose sake',
    'needs-approval',
    'allowGatewayTransit',
  );
  checkToldTimes(stage, 1);

  const approve = await stage.guardrail('approve', await fingerprint(stage), '--by', 'Sam Duty');
  await stage.rest();
  const after = await estateOf(stage);
  stage.show('What approve changed, read from ARM:', estateDifference(changed, after));
  stage.check('approve says that it is repaired', approve.exitCode === 0);
  stage.check('all is as it was before', estateDifference(before, after).length === 0);
  checkWrites(stage, ['PUT hub-to-app']);
  checkToldTimes(stage, 2, 'in all: ');
}

async function switchOn(stage: Stage, peering: string, flags: object): Promise<void> {
  await stage.put(actor, peering, withProperties(await stage.get(peering), flags));
}

async function fingerprint(stage: Stage): Promise<string> {
  const { output } = await stage.guardrail('plan', '--format', 'json');
  const held = listAt(parseJson(output), 'plans', 0, 'held').filter(isObject);
  return textAt(held, 0, 'fingerprint');
}
