import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readIdentity } from '../../../shared/identity/read';
import { grantShortcomings } from '../../../shared/controls/sign-in-grant';
import { isObject, objectOf } from '../../../shared/network/json';

const FOLDER = resolve(__dirname, '../../../../shared/samples/identity');
const NOW = new Date('2020-09-09T22:00:00Z');
const describeSamples = existsSync(FOLDER) ? describe : describe.skip;

/** The answer inside a sample of the specifications, which wrap it in the request's parameters. */
function answers(path: string): unknown[] {
  const json: unknown = JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
  if (Array.isArray(json)) return json;
  const responses = isObject(json) ? Object.values(objectOf(json.responses)) : [];
  return responses.length > 0 ? responses.map((response) => objectOf(response).body) : [json];
}

function read(...paths: readonly string[]): ReturnType<typeof readIdentity> {
  return readIdentity(paths.flatMap(answers), NOW);
}

describeSamples('published samples', () => {
  test('of instances are an eligible and an assigned one, both with a condition', () => {
    const { identity, gaps } = read(
      'upstream/arm.roleAssignmentScheduleInstances.listForScope.json',
      'upstream/arm.roleEligibilityScheduleInstances.listForScope.json',
    );
    expect(gaps).toEqual([]);
    expect(identity.assignments.map(({ holding, inPim }) => [holding, inPim])).toEqual([
      ['assigned', true],
      ['eligible', true],
    ]);
    expect(identity.assignments.every(({ condition }) => condition !== undefined)).toBe(true);
    expect(identity.principals.get('a3bb8764-cb92-4276-9d2a-ca1e895e55ea')).toMatchObject({
      kind: 'user',
      name: 'User Account',
      userName: 'user@my-tenant.com',
    });
  });

  test('of an activation request are one activation of eight hours', () => {
    const { activations } = read('upstream/arm.roleAssignmentScheduleRequests.create.SelfActivate.json').identity;
    expect(activations).toMatchObject([{ at: '2020-09-09T21:35:27.91Z', end: '2020-09-10T05:35:27.910Z' }]);
  });

  test('of PIM settings have all seventeen rules', () => {
    const { roleSettings } = read(
      'upstream/arm.roleManagementPolicyAssignments.listForScope.json',
      'upstream/arm.roleManagementPolicies.get.json',
    ).identity;
    expect(roleSettings.map(({ effectiveRules }) => effectiveRules.size)).toEqual([17]);
  });

  test('of roles tell built-in ones from custom ones', () => {
    const { roles } = read(
      'upstream/arm.builtin-roleDefinitions.json',
      'derived/arm.roleDefinition.bastionUsers.json',
    ).identity;
    expect([...roles.values()].filter(({ isCustom }) => isCustom).map(({ name }) => name)).toEqual(['Bastion Users']);
  });

  test('of an assignment made outside PIM are an assignment without end that PIM has no schedule for', () => {
    const { assignments } = read('derived/arm.roleAssignmentScheduleInstance.permanentActive-outsidePim.json').identity;
    expect(assignments).toMatchObject([{ holding: 'assigned', inPim: false }]);
    expect(assignments[0]?.end).toBeUndefined();
  });

  test('of strengths tell the built-in one from its look-alike', () => {
    const { identity } = read(
      'upstream/graph.policies.authenticationStrengthPolicies.list.v1.json',
      'derived/graph.authStrength.lookalike-custom-weak.json',
      'derived/graph.caPolicy.compliant.json',
    );
    const [policy] = identity.policies;
    if (!policy) throw new Error('the sample holds no policy');
    const asks = (id: string): boolean => {
      const grantControls = { operator: 'OR', authenticationStrength: { id } };
      return grantShortcomings({ ...policy, grantControls }, identity).length === 0;
    };
    expect([...identity.strengths.keys()].filter(asks)).toEqual(['00000000-0000-0000-0000-000000000004']);
    expect(grantShortcomings(policy, identity)).toEqual([]);
  });

  test('of every kind are read without failing', () => {
    const files = ['upstream', 'derived'].flatMap((folder) =>
      readdirSync(join(FOLDER, folder)).map((file) => join(folder, file)),
    );
    for (const file of files) expect(() => read(file)).not.toThrow();
    expect(read('upstream/graph.conditionalAccess.policies.list.v1.json').identity.policies).toHaveLength(2);
    expect(
      read('upstream/graph.conditionalAccess.authenticationContextClassReferences.list.v1.json').identity.contexts.size,
    ).toBe(1);
  });
});
