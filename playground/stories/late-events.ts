/** Event Grid delivers at least once and in no order: every event comes three times, up to two seconds late, and once more at the end. */
import { at, isObject, listAt } from '../json';
import { playDrift } from './drift';
import { withRule } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const copies = 3;

export const lateEvents: Story = {
  name: 'late-events',
  title: 'Every event comes three times, late and out of order',
  proves: 'an event is only a reason to look: what has been repaired and told once is not done or told again',
  play: playLate,
};

async function playLate(stage: Stage): Promise<void> {
  await stage.faults({ events: { duplicate: copies, delayMs: [0, 2000] } });
  stage.say(`Event Grid delivers everything ${copies} times, each up to 2 s late`);
  const { after } = await playDrift(stage, {
    actor,
    port: 3389,
    rule: 'allow-rdp-from-vnet',
    intruders: [addresses.neighbour, addresses.hub],
    change: async (clean) => {
      const properties = inboundRule({
        access: 'Allow',
        priority: 150,
        sourceAddressPrefix: 'VirtualNetwork',
        destinationPortRange: '3389',
      });
      return withRule(clean, await stage.put(actor, `${nsgApp}/securityRules/allow-rdp-from-vnet`, { properties }));
    },
  });
  const state = await stage.control('GET', '/state');
  const [first] = listAt(state, 'events', 'raised').filter(isObject);
  stage.say('the event of the change is delivered once more, long after the repair');
  await deliver(stage, first);
  await stage.rest();

  const delivered = listAt(state, 'events', 'delivered').length;
  stage.check(`${delivered} deliveries of 2 events, all acknowledged`, delivered === 2 * copies);
  stage.check(
    'no run failed',
    stage.playground.runs().every((run) => run.error === undefined),
  );
  stage.check('the late copy changed nothing', at(await stage.get(nsgApp), 'etag') === at(after, 'etag'));
  const { teams, mail } = stage.playground.inbox();
  stage.check('and told nobody again', teams.length === 1 && mail.length === 1);
}

async function deliver(stage: Stage, event: unknown): Promise<void> {
  const url = `${stage.playground.endpoints.functions}/runtime/webhooks/EventGrid?functionName=nsgChanged`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([event]),
  });
  stage.check('the late copy was acknowledged', answer.ok);
}
