import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateIdentity } from '../../../../shared/controls';
import type { IdentityAction } from '../../../../shared/identity/action';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../../../../shared/network/json';
import {
  AUTHORIZATION,
  findingsOf,
  FREE,
  HUB,
  look,
  PIM,
  RG_HUB,
  ROLE,
  type SignInTenant,
  startSignIn,
} from './sign-in-tenant';

describe('shared/azure/identity/write-role-settings: role settings', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  const filter = encodeURIComponent(`roleDefinitionId eq '${ROLE}'`);

  async function settingsName(): Promise<string> {
    const path = `${RG_HUB}/${AUTHORIZATION}/roleManagementPolicyAssignments?${PIM}&$filter=${filter}`;
    const { value } = await local.send('GET', path);
    return (textOf(propertiesOf(listOf(value)[0]).policyId) ?? '').split('/').at(-1) ?? '';
  }

  async function change(id: string, values: JsonObject): Promise<void> {
    const path = `${RG_HUB}/${AUTHORIZATION}/roleManagementPolicies/${await settingsName()}?${PIM}`;
    const { rules } = objectOf((await local.send('GET', path)).properties);
    const rule = listOf(rules)
      .filter(isObject)
      .find((each) => each.id === id);
    await local.send('PATCH', path, { properties: { rules: [{ ...rule, ...values }] } });
  }

  async function repairs(): Promise<readonly IdentityAction[]> {
    const { identity } = await look(local.tenant);
    const { findings } = evaluateIdentity(identity, local.policy, new Date());
    return findings
      .filter(({ control }) => control === 'activation-requires-context')
      .flatMap(({ remedies }) => remedies[0]?.actions ?? [])
      .filter((action): action is IdentityAction => action.kind === 'patch-role-settings');
  }

  test('demand the context again, under whatever name they have by now', async () => {
    await change('AuthenticationContext_EndUser_Assignment', { isEnabled: false });
    const actions = await repairs();
    const snapshot = await look(local.tenant);
    // Another rule is changed meanwhile, and with it the name.
    await change('Expiration_EndUser_Assignment', { maximumDuration: 'PT1H' });
    const [outcome] = await local.tenant.apply(snapshot, actions, FREE);
    expect(outcome).toMatchObject({
      status: 'applied',
      changes: [{ setting: 'isEnabled of AuthenticationContext_EndUser_Assignment', before: 'false', after: 'true' }],
    });
    expect(await findingsOf(local, 'activation-requires-context')).toBe(0);
    const again = await look(local.tenant);
    const rules = again.identity.roleSettings.find(({ scope }) => scope === HUB)?.rules;
    expect(rules?.get('Expiration_EndUser_Assignment')).toMatchObject({ maximumDuration: 'PT1H' });
    expect(await local.tenant.apply(snapshot, actions, FREE)).toMatchObject([{ status: 'already' }]);
  });

  test('are left alone where somebody has changed the same rule since', async () => {
    await change('AuthenticationContext_EndUser_Assignment', { isEnabled: false });
    const actions = await repairs();
    const snapshot = await look(local.tenant);
    await change('AuthenticationContext_EndUser_Assignment', { isEnabled: true, claimValue: 'c9' });
    expect(await local.tenant.apply(snapshot, actions, FREE)).toMatchObject([{ status: 'superseded' }]);
  });
});
