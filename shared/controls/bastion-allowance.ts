/** The rule that lets Bastion in again, where no rule of the group is left that would. */
import type { Remedy } from '../finding';
import type { NewRule } from '../network/action';
import { type AddressSet, addressIntersection, isEmpty, ofFamily, toCidrs } from '../network/address';
import type { Endpoint } from '../network/endpoint';
import type { Analysis } from '../network/exposure';
import { intersection } from '../network/interval';
import { keyOf, type SecurityGroup, type SecurityRule } from '../network/network';
import { formatPorts, portsOf } from '../network/port';
import { freeRuleName } from './free-rule-name';

const HIGHEST_PRIORITY = 100;
const LOWEST_PRIORITY = 4096;

export interface Wanted {
  readonly group: SecurityGroup;
  /** One of the machines behind the group. */
  readonly endpoint: Endpoint;
  readonly machines: AddressSet;
  readonly bastion: AddressSet;
  readonly ports: readonly number[];
  readonly fingerprint: string;
  readonly analysis: Analysis;
}

/**
 * One Allow for exactly Bastion's addresses, these machines and these ports, above whatever denies them. Undefined
 * where the group has an Allow for Bastion that something stands before: which of the two is meant, a person knows.
 */
export function allowance(wanted: Wanted): Remedy | undefined {
  const { group, endpoint, bastion, ports } = wanted;
  const layer = endpoint.layers.find((each) => each.group === group);
  const sources = toCidrs(ofFamily(bastion, 'ipv4'));
  const destinations = toCidrs(ofFamily(wanted.machines, 'ipv4'));
  if (!layer || sources.length === 0 || destinations.length === 0 || group.unreadableRules.length > 0) return undefined;
  const speaking = wanted.analysis
    .rulesFor(endpoint, layer, 'inbound')
    .filter((each) => isAbout(each.rule, ports) && !isEmpty(addressIntersection(each.sources, bastion)))
    .map(({ rule }) => rule);
  if (speaking.some((rule) => rule.access === 'allow' && !rule.isDefault)) return undefined;
  const priority = freePriority(group, Math.min(...speaking.map((rule) => rule.priority)));
  if (priority === undefined) return undefined;
  const rule: NewRule = {
    name: freeRuleName(group, `bastion-guardrail-${wanted.fingerprint}`),
    description: 'Lets Azure Bastion reach these machines; made by Bastion Guardrail, see its incident log',
    priority,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefixes: sources,
    destinationAddressPrefixes: destinations,
    destinationPortRanges: formatPorts(portsOf(ports)),
  };
  return {
    kind: 'repair',
    title: `let Bastion (${sources.join(', ')}) in through ${group.name} again`,
    actions: [{ kind: 'add-rule', securityGroup: keyOf(group.id), rule }],
    restoresBastion: true,
  };
}

function isAbout({ protocol, destinationPorts }: SecurityRule, ports: readonly number[]): boolean {
  return (protocol === '*' || protocol === 'tcp') && intersection(destinationPorts, portsOf(ports)).length > 0;
}

/** The lowest place that is free above `denial`. */
function freePriority(group: SecurityGroup, denial: number): number | undefined {
  const taken = new Set(group.rules.filter(({ direction }) => direction === 'inbound').map((rule) => rule.priority));
  for (let priority = Math.min(denial - 1, LOWEST_PRIORITY); priority >= HIGHEST_PRIORITY; priority--) {
    if (!taken.has(priority)) return priority;
  }
  return undefined;
}
