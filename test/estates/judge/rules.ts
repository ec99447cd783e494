/** What a security group says of one packet: the first rule that matches, custom ones before Azure's own. */
import { at, isObject, listAt, textAt } from '../../../playground/json';
import { isIn, type Range, rangeOf } from './address';

export interface Packet {
  readonly source: number;
  readonly destination: number;
  readonly port: number;
  readonly direction: 'inbound' | 'outbound';
}

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly isAllow: boolean;
  readonly priority: number;
  readonly isTcp: boolean;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly Range[];
}

export type Group = readonly Rule[];

const LAST: readonly (readonly [direction: string, from: string, to: string, isAllow: boolean])[] = [
  ['inbound', 'virtualnetwork', 'virtualnetwork', true],
  ['inbound', 'azureloadbalancer', '*', true],
  ['inbound', '*', '*', false],
  ['outbound', 'virtualnetwork', 'virtualnetwork', true],
  ['outbound', '*', 'internet', true],
  ['outbound', '*', '*', false],
];

export function readGroup(json: unknown): Group {
  const custom = listAt(json, 'properties', 'securityRules').filter(isObject).map(readRule);
  const own = LAST.map(([direction, from, to, isAllow], index) => ({
    name: `default ${index}`,
    direction,
    isAllow,
    priority: 65000 + index,
    isTcp: true,
    sources: [from],
    destinations: [to],
    ports: [[0, 65535]] as const,
  }));
  return [...custom.toSorted((one, other) => one.priority - other.priority), ...own];
}

function readRule(json: unknown): Rule {
  const text = (name: string): string => textAt(json, 'properties', name).toLowerCase();
  const both = (one: string, several: string): string[] =>
    [at(json, 'properties', one), ...listAt(json, 'properties', several)]
      .filter((value): value is string => typeof value === 'string' && value !== '')
      .map((value) => value.toLowerCase());
  return {
    name: textAt(json, 'name'),
    direction: text('direction'),
    isAllow: text('access') === 'allow',
    priority: Number(at(json, 'properties', 'priority')),
    isTcp: ['*', 'tcp'].includes(text('protocol')),
    sources: both('sourceAddressPrefix', 'sourceAddressPrefixes'),
    destinations: both('destinationAddressPrefix', 'destinationAddressPrefixes'),
    ports: both('destinationPortRange', 'destinationPortRanges').map(readPorts),
  };
}

function readPorts(text: string): Range {
  if (text === '*') return [0, 65535];
  const [low = 0, high = low] = text.split('-').map(Number);
  return [low, high];
}

/** Whether the group lets the packet through; `inside` is what VirtualNetwork stands for there. */
export function lets(group: Group, packet: Packet, inside: readonly Range[]): boolean {
  const deciding = group.find(
    (rule) =>
      rule.direction === packet.direction &&
      rule.isTcp &&
      rule.ports.some(([low, high]) => low <= packet.port && packet.port <= high) &&
      holds(rule.sources, packet.source, inside) &&
      holds(rule.destinations, packet.destination, inside),
  );
  return deciding?.isAllow === true;
}

function holds(texts: readonly string[], address: number, inside: readonly Range[]): boolean {
  return texts.some((text) => {
    if (text === '*') return true;
    if (text === 'virtualnetwork') return isIn(address, inside);
    if (text === 'internet') return !isIn(address, inside);
    const range = rangeOf(text);
    return range !== undefined && isIn(address, [range]);
  });
}
