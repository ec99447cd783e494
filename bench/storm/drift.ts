/** The drift of the storm: in each group somebody opens RDP to the Internet, among nine changes that are nobody's business. */
import { inboundRule } from '../../playground/stories/scene';
import { spokeGroup } from '../loop/big-estate';

export const groups = 200;
export const eventsPerGroup = 10;

/** How long the events take to arrive, in milliseconds. */
export const stormMs = 10_000;

const openingRule = 'allow-rdp';
/** Half of what a person may write at once by ARM's published limits. */
const groupsPerPerson = 10;

/** One PUT of a child rule. */
export interface StormWrite {
  readonly person: string;
  readonly path: string;
  readonly body: unknown;
}

/** Everybody who takes part. */
export function people(): string[] {
  return Array.from({ length: groups / groupsPerPerson }, (_, index) => `operator ${index + 1}`);
}

/** What this person writes, in order. */
export function writesOf(person: string): StormWrite[] {
  const first = people().indexOf(person) * groupsPerPerson + 1;
  return Array.from({ length: groupsPerPerson }, (_, index) => spokeGroup(first + index)).flatMap((group) =>
    ruleNames().map((name, index) => ({
      person,
      path: `${group}/securityRules/${name}`,
      body: { properties: name === openingRule ? opening() : legitimate(index) },
    })),
  );
}

/** The names of the rules that a repair has to leave alone. */
export function legitimateNames(): string[] {
  return ruleNames().filter((name) => name !== openingRule);
}

function ruleNames(): string[] {
  return [openingRule, ...Array.from({ length: eventsPerGroup - 1 }, (_, index) => `allow-web-${index + 1}`)];
}

function opening(): object {
  return inboundRule({
    access: 'Allow',
    priority: 100,
    sourceAddressPrefix: 'Internet',
    destinationPortRange: '3389',
  });
}

function legitimate(index: number): object {
  return inboundRule({
    access: 'Allow',
    priority: 110 + index,
    sourceAddressPrefix: 'Internet',
    destinationPortRange: String(8000 + index),
  });
}
