/** Edits to the rules of machines' security groups. */
import { at, listAt, textAt } from '../../../playground/json';
import { securityRule } from '../build/security-group';
import type { Resource } from '../build/resource';
import { byId, childrenOf, chosen, type Edit, idOf, machineGroups, type MakeEdit, put } from './edit';

/** A rule as a resource of its own. */
function putRule(group: Resource, rule: Resource): Edit {
  return { writes: [{ method: 'PUT', id: `${idOf(group)}/securityRules/${textAt(rule, 'name')}`, body: rule }] };
}

function ruleNamed(group: Resource | undefined, name: RegExp): Resource | undefined {
  return childrenOf(group, 'securityRules').find((rule) => name.test(textAt(rule, 'name')));
}

const WIDER: readonly (readonly string[])[] = [
  ['203.0.113.0/24'],
  ['0.0.0.0/1', '128.0.0.0/1'],
  ['10.0.0.0/8'],
  ['10.0.255.0/24', '198.51.100.200'],
];

/** Bastion's own rule, opened for others as well. */
export const widenRule: MakeEdit = (resources, { which, how }) => {
  const group = chosen(machineGroups(resources), which);
  const rule = ruleNamed(group, /^AllowBastion$/);
  const sources = chosen(WIDER, how);
  if (!group || !rule || !sources) return undefined;
  const own = [
    at(rule, 'properties', 'sourceAddressPrefix'),
    ...listAt(rule, 'properties', 'sourceAddressPrefixes'),
  ].filter((text): text is string => typeof text === 'string' && text !== '');
  // Azure refuses prefixes that overlap within one rule.
  const kept = sources.includes('10.0.0.0/8') || sources.includes('10.0.255.0/24') ? [] : sources.length > 1 ? [] : own;
  const changed = { sourceAddressPrefixes: [...kept, ...sources], sourceAddressPrefix: undefined };
  return { writes: [put(rule, changed)] };
};

export const addRule: MakeEdit = (resources, { which, how }) => {
  const group = chosen(machineGroups(resources), which);
  const rule = chosen(
    [
      securityRule('allow-rdp', 120, { from: 'Internet', ports: '3389' }),
      securityRule('allow-ssh', 130, { from: '203.0.113.7', ports: '22' }),
      securityRule('allow-all', 100, { protocol: '*' }),
      securityRule('allow-network', 150, { from: 'VirtualNetwork', protocol: '*' }),
      securityRule('allow-range', 160, { from: 'Internet', ports: '3000-4000' }),
      securityRule('allow-partner', 170, { from: ['198.51.100.0/24', '10.0.0.0/16'], ports: ['22', '443'] }),
    ],
    how,
  );
  return group && rule && putRule(group, rule);
};

export const deleteDeny: MakeEdit = (resources, { which }) => {
  const group = chosen(machineGroups(resources), which);
  const rule = ruleNamed(group, /^Deny/);
  return rule && { writes: [{ method: 'DELETE', id: idOf(rule) }] };
};

export const denyToAllow: MakeEdit = (resources, { which }) => {
  const rule = ruleNamed(chosen(machineGroups(resources), which), /^Deny/);
  return rule && { writes: [put(rule, { access: 'Allow' })] };
};

/** The rule by which Bastion comes in, taken away, emptied or overruled. */
export const shutOutBastion: MakeEdit = (resources, { which, how }) => {
  const group = chosen(machineGroups(resources), which);
  const rule = ruleNamed(group, /^AllowBastion$/);
  if (!group || !rule) return undefined;
  const overruling = securityRule('deny-admin-ports', 110, { access: 'Deny', ports: ['22', '3389'] });
  return chosen<Edit>(
    [
      { writes: [{ method: 'DELETE', id: idOf(rule) }] },
      { writes: [put(rule, { access: 'Deny' })] },
      putRule(group, overruling),
      { writes: [put(rule, { destinationPortRanges: ['2222'] })] },
    ],
    how,
  );
};

/** Nobody's business but its owner's: a service port, or words. */
export const serviceRule: MakeEdit = (resources, { which, how }) => {
  const group = chosen(machineGroups(resources), which);
  const rule = chosen(
    [
      securityRule('AllowPartnerHttps', 330, { from: '198.51.100.0/24', ports: '8443' }),
      securityRule('AllowMetrics', 340, { from: '10.0.0.0/8', ports: '9100' }),
      securityRule('DenyTelnet', 350, { access: 'Deny', ports: '23' }),
    ],
    how,
  );
  if (!group || !rule) return undefined;
  const id = idOf(group);
  const lasts = (now: readonly Resource[]): boolean =>
    childrenOf(byId(now, id), 'securityRules').some((each) => textAt(each, 'name') === textAt(rule, 'name'));
  return { ...putRule(group, rule), lasts };
};

export const describeRule: MakeEdit = (resources, { which, how }) => {
  const group = chosen(machineGroups(resources), which);
  const rule = chosen(childrenOf(group, 'securityRules'), how);
  if (!group || !rule) return undefined;
  const [id, name, description] = [idOf(group), textAt(rule, 'name'), `see ticket ${which % 1000}`];
  const lasts = (now: readonly Resource[]): boolean =>
    childrenOf(byId(now, id), 'securityRules').some(
      (each) => textAt(each, 'name') === name && textAt(each, 'properties', 'description') === description,
    );
  return { writes: [put(rule, { description })], lasts };
};
