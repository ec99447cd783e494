/** One security rule, as ARM wrote it, in one readable line. */
import { isObject, type JsonObject, listOf, propertiesOf, referenceOf } from '../network/json';
import { nameOf } from '../network/network';

const SHOWN = 8;

/** `Allow Inbound Tcp from Internet to *:3389, priority 120`; undefined if there is no rule to describe. */
export function ruleLine(rule: unknown): string | undefined {
  if (!isObject(rule)) return undefined;
  const properties = propertiesOf(rule);
  const verdict = ['access', 'direction', 'protocol'].map((key) => text(properties[key])).join(' ');
  const from = `${addresses(properties, 'source')}${sourcePorts(properties)}`;
  const to = `${addresses(properties, 'destination')}:${listed(properties, 'destinationPortRange', 'destinationPortRanges')}`;
  return `${verdict} from ${from} to ${to}, priority ${text(properties.priority)}`;
}

function sourcePorts(properties: JsonObject): string {
  const ports = listed(properties, 'sourcePortRange', 'sourcePortRanges');
  return ports === '*' || ports === '?' ? '' : ` (source port ${ports})`;
}

function addresses(properties: JsonObject, side: 'source' | 'destination'): string {
  const groups = listOf(properties[`${side}ApplicationSecurityGroups`]);
  if (groups.length > 0) return shortened(groups.map((group) => `group ${nameOf(referenceOf(group) ?? '?')}`));
  return listed(properties, `${side}AddressPrefix`, `${side}AddressPrefixes`);
}

function listed(properties: JsonObject, one: string, many: string): string {
  const values = listOf(properties[many]).map(text);
  const single = properties[one];
  if (typeof single === 'string' && single !== '') values.unshift(single);
  return values.length === 0 ? '?' : shortened(values);
}

function shortened(values: readonly string[]): string {
  const rest = values.length - SHOWN;
  const shown = values.slice(0, SHOWN).join(', ');
  const all = rest > 0 ? `${shown} and ${rest} more` : shown;
  return values.length > 1 ? `{${all}}` : all;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
