/** Which classes of traffic have to be compared at one endpoint when more than rules has changed. */
import { isEmpty, addressDifference, type AddressSet } from '../network/address';
import type { Endpoint } from '../network/endpoint';
import type { Analysis } from '../network/exposure';
import type { Network, Protocol, SecurityGroup } from '../network/network';
import type { TrafficClass } from './traffic';

const PORT_PROTOCOLS: readonly Protocol[] = ['tcp', 'udp'];
const PORTLESS: readonly Protocol[] = ['icmp', 'esp', 'ah'];
const LAST_PORT = 65_535;

interface Side {
  readonly network: Network;
  readonly analysis: Analysis;
}

/**
 * One protocol with one port of each range over which neither a rule nor a forwarding changes its mind; nor do the rules
 * at `then`, the endpoint in the accepted state, which differences are measured against.
 */
export function classesAt(
  before: Endpoint,
  after: Endpoint,
  old: Side,
  now: Side,
  then?: { readonly endpoint: Endpoint; readonly side: Side },
): TrafficClass[] {
  const accepted = then ? rulesAt(then.endpoint, then.side.analysis) : [];
  const rules = [...rulesAt(before, old.analysis), ...rulesAt(after, now.analysis), ...accepted];
  const starts = new Set([0, ...rules.flatMap(({ rule }) => rule.destinationPorts.flatMap(borders))]);
  for (const { network } of [old, now, ...(then ? [then.side] : [])]) {
    for (const { backendPort, frontendPorts } of network.forwardings) {
      const ranges = backendPort === undefined ? frontendPorts : ([[backendPort, backendPort]] as const);
      for (const border of ranges.flatMap(borders)) starts.add(border);
    }
  }
  const ports = [...starts].filter((port) => port <= LAST_PORT).toSorted((a, b) => a - b);
  return [
    ...PORT_PROTOCOLS.flatMap((protocol) => ports.map((port) => ({ protocol, port }))),
    ...PORTLESS.map((protocol) => ({ protocol, port: 0 })),
  ];
}

function borders([low, high]: readonly [number, number]): number[] {
  return [low, high + 1];
}

function rulesAt(endpoint: Endpoint, analysis: Analysis): ReturnType<Analysis['rulesFor']> {
  return endpoint.layers.flatMap((layer) => analysis.rulesFor(endpoint, layer, 'inbound'));
}

/** Many endpoints stand behind one group. */
const texts = new WeakMap<SecurityGroup, string>();

/** Every rule of the group, so that two groups whose texts are equal decide alike. */
function textOf(group: SecurityGroup): string {
  const known = texts.get(group);
  if (known !== undefined) return known;
  const text = JSON.stringify(group.rules, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  texts.set(group, text);
  return text;
}

/** Whether the rules decide alike at both: the same rules, reading the same VirtualNetwork tag. */
export function rulesAlike(before: Endpoint, after: Endpoint, old: Analysis, now: Analysis): boolean {
  const [text, other] = [before, after].map(({ layers }) =>
    layers.map(({ layer, group }) => `${layer} ${group ? textOf(group) : ''}`).join('\n'),
  );
  if (text !== other) return false;
  const [tag, later] = [old.virtualNetworkTag(before), now.virtualNetworkTag(after)];
  const groups = JSON.stringify([before.groups, after.groups].map((each) => [...each].toSorted()));
  const [mine, theirs]: unknown[] = JSON.parse(groups);
  return (
    isSame(tag.certain, later.certain) &&
    isSame(tag.possible, later.possible) &&
    JSON.stringify(mine) === JSON.stringify(theirs)
  );
}

function isSame(a: AddressSet, b: AddressSet): boolean {
  return isEmpty(addressDifference(a, b)) && isEmpty(addressDifference(b, a));
}
