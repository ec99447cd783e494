// Microsoft.Network/networkSecurityGroups: rules checked as ARM checks them, default rules, users listed.
import { refuse, unreadable } from '../arm-error';
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt, without } from '../json';
import { foreignReferences, usersOf } from './back-references';
import { checkBastionRulesKept, rulesOf } from './bastion-subnet-rules';
import { childOf } from './children';
import { defaultSecurityRules } from './default-rules';
import type { ResourceKind, WriteContext } from './kind';
import { checkName, checkUniqueNames } from './name-rule';
import { checkSecurityRule, completeSecurityRule } from './security-rule';

const TYPE = 'Microsoft.Network/networkSecurityGroups';
const READ_ONLY = [
  'defaultSecurityRules',
  'subnets',
  'networkInterfaces',
  'flowLogs',
  'resourceGuid',
  'provisioningState',
];

function completeRule(groupId: string, rule: JsonObject): JsonObject {
  const child = childOf(groupId, TYPE, 'securityRules', rule);
  return { ...child, properties: completeSecurityRule(objectAt(child, 'properties')) };
}

function checkConflicts(rules: readonly JsonObject[]): void {
  const taken = new Map<string, string>();
  for (const rule of rules) {
    const key = `${textAt(rule, 'properties', 'direction')?.toLowerCase()} ${String(objectAt(rule, 'properties').priority)}`;
    const name = textAt(rule, 'name') ?? '';
    const other = taken.get(key);
    if (other !== undefined) {
      throw refuse(
        'SecurityRuleConflict',
        `Security rule ${other} conflicts with rule ${name}. Rules cannot have the same Priority and Direction. ` +
          'To learn more, see aka.ms/nsgrules.',
      );
    }
    taken.set(key, name);
  }
}

function prepareRules(body: JsonObject, write: WriteContext): JsonObject[] {
  const written = objectAt(body, 'properties').securityRules ?? [];
  if (!Array.isArray(written)) throw unreadable("Expected an array. Path 'properties.securityRules'.");
  const before = write.before ? rulesOf(write.before.body) : [];
  const rules = listAt(body, 'properties', 'securityRules').map((rule) => {
    const name = textAt(rule, 'name');
    const completed = completeRule(write.id, rule);
    const standing = before.find((candidate) => sameText(textAt(candidate, 'name'), name));
    // An estate may hold rules that ARM would refuse today; they are no obstacle to changing their neighbours.
    if (standing && JSON.stringify(standing) === JSON.stringify(completed)) return standing;
    checkName(name);
    checkSecurityRule(rule, textAt(completed, 'id') ?? '');
    return completed;
  });
  if (rules.length !== written.length) throw unreadable("Expected objects. Path 'properties.securityRules'.");
  checkUniqueNames(
    rules.map((rule) => textAt(rule, 'name') ?? ''),
    write.id,
  );
  if (rules.length > 1000) {
    throw refuse('MaxSecurityRulesPerGroupExceeded', `Network security group ${write.id} can have up to 1000 rules.`);
  }
  checkConflicts(rules);
  checkBastionRulesKept(write.id, before, rules, write.estate);
  return rules;
}

function checkFlush(body: JsonObject): void {
  const { flushConnection } = objectAt(body, 'properties');
  if (flushConnection === undefined || flushConnection === null || typeof flushConnection === 'boolean') return;
  throw unreadable("Could not convert to a boolean. Path 'properties.flushConnection'.");
}

function keep(body: JsonObject, rules: readonly JsonObject[], carried: JsonObject, write: WriteContext): JsonObject {
  const kept = Object.fromEntries(
    ['subnets', 'networkInterfaces'].map((key) => [key, foreignReferences(carried[key], write.estate)]),
  );
  return {
    provisioningState: 'Succeeded',
    resourceGuid: carried.resourceGuid ?? write.guid(),
    ...without(objectAt(body, 'properties'), READ_ONLY),
    securityRules: rules,
    ...(carried.flowLogs ? { flowLogs: carried.flowLogs } : {}),
    ...kept,
  };
}

export const networkSecurityGroup: ResourceKind = {
  type: TYPE,
  writable: true,
  children: [
    { name: 'securityRules', readOnly: false },
    { name: 'defaultSecurityRules', readOnly: true },
  ],
  prepare(body, write) {
    checkFlush(body);
    return keep(body, prepareRules(body, write), objectAt(write.before?.body, 'properties'), write);
  },
  load: (body, write) =>
    keep(
      body,
      rulesOf(body).map((rule) => completeRule(write.id, rule)),
      objectAt(body, 'properties'),
      write,
    ),
  view(stored, estate) {
    const properties = objectAt(stored.body, 'properties');
    const subnets = [...listAt(properties, 'subnets'), ...usersOf('subnetWithGroup', stored.id, estate)];
    const interfaces = [
      ...listAt(properties, 'networkInterfaces'),
      ...usersOf('interfaceWithGroup', stored.id, estate),
    ];
    return {
      ...without(properties, ['subnets', 'networkInterfaces']),
      defaultSecurityRules: defaultSecurityRules(stored.id),
      ...(interfaces.length > 0 ? { networkInterfaces: interfaces } : {}),
      ...(subnets.length > 0 ? { subnets } : {}),
    };
  },
  checkDelete(stored, estate) {
    const view = this.view(stored, estate);
    const users = [...listAt(view, 'networkInterfaces'), ...listAt(view, 'subnets')].map((user) => textAt(user, 'id'));
    if (users.length === 0) return;
    throw refuse(
      'InUseNetworkSecurityGroupCannotBeDeleted',
      `Network security group ${stored.id} cannot be deleted because it is in use by the following resources: ` +
        `${users.join(', ')}. In order to delete the Network security group, remove the association with the ` +
        'resource(s). To learn how to do this, see aka.ms/deletensg.',
    );
  },
};
