/** RDP opened to the Internet by a child rule, on a machine that has just been given a public address. */
import { isObject, listAt } from '../json';
import { playDrift } from './drift';
import { withProperties, withRule } from './rules';
import { addresses, inboundRule, interfaceOfVm, nsgApp, sparePublicIp } from './scene';
import type { Stage, Story } from './stage';

const actor = 'Dana Ops';

export const rdpFromInternet: Story = {
  name: 'rdp-from-internet',
  title: 'RDP opened to the Internet by a child rule',
  proves:
    'a rule written as a child of its group is found by the packets it lets in and closed, the public address is taken off again, and Bastion is not touched',
  play: async (stage) => {
    await playDrift(stage, {
      actor,
      port: 3389,
      rule: 'allow-rdp',
      intruders: addresses.internet,
      others: [interfaceOfVm],
      change: async (clean) => {
        // Both are there before anybody looks: a look in between would rightly tell of the address by itself.
        await stage.faults({ events: { hold: true } });
        await attachPublicIp(stage);
        const rule = await stage.put(actor, `${nsgApp}/securityRules/allow-rdp`, {
          properties: inboundRule({
            access: 'Allow',
            priority: 120,
            sourceAddressPrefix: 'Internet',
            destinationPortRange: '3389',
          }),
        });
        await stage.faults({});
        return withRule(clean, rule);
      },
    });
    const nic = await stage.get(interfaceOfVm);
    stage.check('the public address is off the machine, and kept', !JSON.stringify(nic).includes(sparePublicIp));
  },
};

async function attachPublicIp(stage: Stage): Promise<void> {
  const nic = await stage.get(interfaceOfVm);
  const [first, ...others] = listAt(nic, 'properties', 'ipConfigurations').filter(isObject);
  if (first === undefined) throw new Error(`${interfaceOfVm} has no IP configuration`);
  const attached = withProperties(first, { publicIPAddress: { id: sparePublicIp } });
  await stage.put(actor, interfaceOfVm, withProperties(nic, { ipConfigurations: [attached, ...others] }));
}
