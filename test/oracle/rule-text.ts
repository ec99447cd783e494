// A rule on one line, so that a table of cases stays a table: "allow 100 from Internet to 10.1.0.4 port 22 protocol Tcp".
import type { SecurityRuleResource } from './arm';
import type { Casing, RuleSketch, Side } from './sketch';
import { plainSpelling, sketch, writeRule } from './sketch';
import { groupId } from './small-estate';

const casings: Readonly<Record<string, Casing>> = {
  'in-capitals': 'upper',
  'in-lower-case': 'lower',
  'in-mixed-case': 'alternating',
};

/**
 * Rules parted by ";". Each is `allow|deny PRIORITY`, then any of `from A,B`, `to A,B`, `port A,B`, `source-port A,B`, `protocol P` and
 * the bare words `outbound`, `plural`, `no-arrays`, `in-capitals`, `in-lower-case`, `in-mixed-case`. What is left out is `*`, except
 * that an Allow is for TCP. `@asg-x` is an application security group. Throws on a word it does not know.
 */
export function rules(text: string): SecurityRuleResource[] {
  return text
    .split(';')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(rule);
}

function rule(line: string): SecurityRuleResource {
  const words = line.split(' ');
  const access = words.shift() === 'deny' ? 'Deny' : 'Allow';
  const priority = Number(words.shift());
  let drawn: RuleSketch = sketch({ access, protocol: access === 'Allow' ? 'Tcp' : '*' });
  let spelling = plainSpelling;
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const casing = casings[word];
    if (casing) spelling = { ...spelling, casing };
    else if (word === 'plural') spelling = { ...spelling, pluralOfOne: true };
    else if (word === 'no-arrays') spelling = { ...spelling, emptyArrays: false };
    else if (word === 'outbound') drawn = { ...drawn, direction: 'Outbound' };
    else drawn = { ...drawn, ...detail(word, (words.shift() ?? '').split(',')) };
  }
  return writeRule('/nsg', `rule-${priority}`, priority, drawn, spelling);
}

function detail(word: string, values: readonly string[]): Partial<RuleSketch> {
  switch (word) {
    case 'from':
      return { from: side(values) };
    case 'to':
      return { to: side(values) };
    case 'port':
      return { ports: values };
    case 'source-port':
      return { sourcePorts: values };
    case 'protocol':
      return { protocol: values.join() };
    default:
      throw new Error(`a rule has no "${word}"`);
  }
}

function side(values: readonly string[]): Side {
  if (values.every((value) => !value.startsWith('@'))) return { prefixes: values };
  return { groups: values.map((value) => groupId(value.slice(1))) };
}
