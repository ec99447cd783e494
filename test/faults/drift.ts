/** The drifts that are repaired under faults, and an edit next to them that nobody may lose. */
import { listAt } from '../../playground/json';
import { withProperties } from '../../playground/stories/rules';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import { byId } from '../e2e/guarded-estate';
import type { World } from './world';

export interface Drift {
  readonly name: string;
  /** The rule that lets strangers in: the only one that may be changed. */
  readonly rule: string;
  /** Rules that come with it and must stay. */
  readonly bystanders: readonly string[];
  readonly make: (world: World) => Promise<unknown>;
}

export const driftedGroup = nsgApp;
const rdp = { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' };
const jump = { access: 'Allow', priority: 150, sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '3389' };
const decoy = { access: 'Deny', priority: 110, sourceAddressPrefix: '198.51.100.7', destinationPortRange: '22' };
const halves = ['0.0.0.0/1', '128.0.0.0/1'];
const ssh = { access: 'Allow', priority: 120, sourceAddressPrefixes: halves, destinationPortRange: '22' };
const https = { access: 'Allow', priority: 180, sourceAddressPrefix: 'Internet', destinationPortRange: '443' };

export const rdpFromInternet: Drift = {
  name: 'RDP from the Internet',
  rule: 'allow-rdp',
  bystanders: [],
  make: (world) => putRule(world, 'allow-rdp', rdp),
};

export const drifts: readonly Drift[] = [
  rdpFromInternet,
  {
    name: 'a jump host',
    rule: 'allow-rdp-from-vnet',
    bystanders: [],
    make: (world) => putRule(world, 'allow-rdp-from-vnet', jump),
  },
  {
    name: 'SSH from two halves',
    rule: 'allow-ssh-maintenance',
    bystanders: ['deny-known-scanner'],
    make: async (world) => {
      const group = byId(await world.resources(), nsgApp);
      const added = [
        { name: 'deny-known-scanner', properties: inboundRule(decoy) },
        { name: 'allow-ssh-maintenance', properties: inboundRule(ssh) },
      ];
      const securityRules = [...listAt(group, 'properties', 'securityRules'), ...added];
      return world.asPerson('PUT', nsgApp, withProperties(group, { securityRules }));
    },
  },
];

/** The name of the rule that `editBeside` writes. */
export const editedRule = 'allow-https';

/** A legitimate edit of the drifted group while it is being repaired. */
export function editBeside(world: World): Promise<unknown> {
  return putRule(world, editedRule, https);
}

function putRule(world: World, name: string, rule: Readonly<Record<string, unknown>>): Promise<unknown> {
  return world.asPerson('PUT', `${nsgApp}/securityRules/${name}`, { properties: inboundRule(rule) });
}
