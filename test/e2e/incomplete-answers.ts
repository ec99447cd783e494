/** Lists as ARM never should answer them: what a proxy, a new API version or a fault may leave of them. */
import { at, isObject, listAt, textAt } from '../../playground/json';
import { withProperties } from '../../playground/stories/rules';

type Edit = (resource: unknown) => unknown;

export interface IncompleteAnswer {
  readonly title: string;
  /** The type whose list answers so. */
  readonly list: string;
  /** The body, made of the resources there are. */
  readonly body: (resources: readonly unknown[]) => unknown;
}

const groups = 'networkSecurityGroups';
const networks = 'virtualNetworks';
const interfaces = 'networkInterfaces';

/** Answers that leave something about nsg-app open: a repair of it would rest on what is not there. */
export const incompleteAnswers: readonly IncompleteAnswer[] = [
  {
    title: 'the group without properties',
    list: groups,
    body: editing('nsg-app', (group) => without(group, 'properties')),
  },
  {
    title: 'the group with null as properties',
    list: groups,
    body: editing('nsg-app', (group) => ({ ...without(group), properties: null })),
  },
  { title: 'a rule beside it without a priority', list: groups, body: editing('nsg-app', ruleWithout('priority')) },
  { title: 'a rule beside it without an access', list: groups, body: editing('nsg-app', ruleWithout('access')) },
  {
    title: 'null among the rules of the group',
    list: groups,
    body: editing(
      'nsg-app',
      editingRules(() => null),
    ),
  },
  {
    title: 'the group left out',
    list: groups,
    body: (resources) => page(resources.filter((resource) => textAt(resource, 'name') !== 'nsg-app')),
  },
  { title: 'the group without an etag', list: groups, body: editing('nsg-app', (group) => without(group, 'etag')) },
  { title: 'its subnet without a prefix', list: networks, body: editing('vnet-app', withoutPrefixes) },
  { title: 'no virtual networks at all', list: networks, body: () => page([]) },
  { title: 'no Bastion host', list: 'bastionHosts', body: () => page([]) },
  { title: 'a list that is no page', list: networks, body: () => ({ hello: 'world' }) },
  { title: 'a list whose value is no list', list: interfaces, body: () => ({ value: 'none' }) },
];

/** Answers with one entry too many, which says nothing about nsg-app. */
export const strayEntries: readonly IncompleteAnswer[] = [
  { title: 'null', list: groups, body: (resources) => page([null, ...resources]) },
  { title: 'a number', list: groups, body: (resources) => page([7, ...resources]) },
  { title: 'an object without anything', list: networks, body: (resources) => page([{}, ...resources]) },
  {
    title: 'a resource without an id',
    list: interfaces,
    body: (resources) => page([{ name: 'nic-x', properties: {} }, ...resources]),
  },
];

function page(value: readonly unknown[]): unknown {
  return { value };
}

function editing(name: string, edit: Edit): IncompleteAnswer['body'] {
  return (resources) =>
    page(resources.map((resource) => (textAt(resource, 'name') === name ? edit(resource) : resource)));
}

function editingRules(edit: Edit): Edit {
  return (group) =>
    withProperties(group, {
      securityRules: listAt(group, 'properties', 'securityRules').map((rule) =>
        textAt(rule, 'name') === 'allow-https-from-vnet' ? edit(rule) : rule,
      ),
    });
}

function ruleWithout(key: string): Edit {
  return editingRules((rule) => ({ ...without(rule), properties: without(at(rule, 'properties'), key) }));
}

function withoutPrefixes(network: unknown): unknown {
  const subnets = listAt(network, 'properties', 'subnets').map((subnet) => ({
    ...without(subnet),
    properties: without(at(subnet, 'properties'), 'addressPrefix'),
  }));
  return withProperties(network, { subnets });
}

function without(resource: unknown, key?: string): object {
  const entries = isObject(resource) ? Object.entries(resource) : [];
  return Object.fromEntries(entries.filter(([name]) => name !== key));
}
