/** Any source, any port, at the highest priority there is: only a Deny on exactly the admin ports can close it. */
import { playDrift } from './drift';
import { getThrough, verdictOn } from './reach';
import { ruleLines, withRule } from './rules';
import { addresses, inboundRule, nsgApp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';
const rule = 'allow-any';

/** Traffic that the rule lets in and that is nobody's business: it must still flow after the repair. */
const flows: readonly (readonly [source: string, port: number, protocol: 'tcp' | 'udp'])[] = [
  ...[80, 443, 5432, 8080].flatMap((port) => addresses.internet.map((source) => [source, port, 'tcp'] as const)),
  ...[21, 23, 3388, 3390, 65_535].map((port) => [addresses.neighbour, port, 'tcp'] as const),
  ...[53, 22, 3389].map((port) => [addresses.hub, port, 'udp'] as const),
];

export const contain: Story = {
  name: 'contain',
  title: 'Any to any at priority 100: contained, and everything else flows on',
  proves: 'the repair takes away the named traffic and nothing else, even where no priority is left above the rule',
  play: playContain,
};

async function playContain(stage: Stage): Promise<void> {
  const { opened, after } = await playDrift(stage, {
    actor,
    port: 22,
    rule,
    intruders: [...addresses.internet, addresses.neighbour],
    change: async (clean) => {
      const properties = inboundRule({
        access: 'Allow',
        priority: 100,
        protocol: '*',
        sourceAddressPrefix: '*',
        destinationPortRange: '*',
      });
      return withRule(clean, await stage.put(actor, `${nsgApp}/securityRules/${rule}`, { properties }));
    },
  });
  const flowed = flows.filter((flow) => verdictOn(opened, ...flow).allowed);
  const stopped = flowed.filter((flow) => !verdictOn(after, ...flow).allowed);
  const names = stopped.map(([source, port, protocol]) => `${source} to ${port}/${protocol}`).join(', ');
  stage.check(
    `${flowed.length} other flows that the rule let in still flow${names === '' ? '' : `: not ${names}`}`,
    flowed.length === flows.length && stopped.length === 0,
  );
  stage.check('RDP is closed too', getThrough(after, [addresses.neighbour, ...addresses.internet], 3389).length === 0);
  const [line] = [...ruleLines(after)]
    .filter(([name]) => name.startsWith('bastion-guardrail-'))
    .map(([, text]) => text);
  stage.check('the Deny stands at priority 100, above the rule', line !== undefined && / 100 Inbound Deny /.test(line));
}
