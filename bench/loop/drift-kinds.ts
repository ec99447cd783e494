/** The drifts that the loop bench rotates through: the three kinds of the demo's stories, with names of their own each time. */
import { listAt } from '../../playground/json';
import { withProperties } from '../../playground/stories/rules';
import { addresses, inboundRule, nsgApp } from '../../playground/stories/scene';

/** One PUT by a person that opens an admin port of the virtual machines behind nsg-app. */
export interface DriftWrite {
  readonly path: string;
  readonly body: unknown;
}

/** Makes drift number `run` of the clean group (ARM JSON). */
export type DriftKind = (run: number, clean: unknown) => DriftWrite;

/** RDP to the Internet, SSH to the Internet in two halves, and a jump host inside the virtual network. */
export const driftKinds: readonly DriftKind[] = [rdpFromInternet, sshFromTwoHalves, adminFromVirtualNetwork];

function rdpFromInternet(run: number): DriftWrite {
  return childRule(`allow-rdp-${run}`, {
    priority: priorityOf(run),
    sourceAddressPrefix: 'Internet',
    destinationPortRange: '3389',
  });
}

function adminFromVirtualNetwork(run: number): DriftWrite {
  return childRule(`allow-jump-${run}`, {
    priority: priorityOf(run),
    sourceAddressPrefix: 'VirtualNetwork',
    destinationPortRanges: ['22', '3380-3390'],
  });
}

function sshFromTwoHalves(run: number, clean: unknown): DriftWrite {
  const priority = priorityOf(run);
  const decoy = {
    name: `deny-scanner-${run}`,
    properties: inboundRule({
      access: 'Deny',
      priority,
      sourceAddressPrefix: addresses.decoy,
      destinationPortRange: '22',
    }),
  };
  const opening = {
    name: `allow-ssh-${run}`,
    properties: inboundRule({
      access: 'Allow',
      priority: priority + 1,
      sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'],
      destinationPortRange: '22',
    }),
  };
  const securityRules = [...listAt(clean, 'properties', 'securityRules'), decoy, opening];
  return { path: nsgApp, body: withProperties(clean, { securityRules }) };
}

function childRule(name: string, rule: Readonly<Record<string, unknown>>): DriftWrite {
  return {
    path: `${nsgApp}/securityRules/${name}`,
    body: { properties: inboundRule({ access: 'Allow', ...rule }) },
  };
}

/** Above the rules of the seed, which begin at 200; a group PUT takes two. */
function priorityOf(run: number): number {
  return 100 + (run % 90);
}
