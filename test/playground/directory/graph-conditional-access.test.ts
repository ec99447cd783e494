// Conditional Access, contexts, strengths and named locations of the local directory, asked at the wire.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../../playground/azure/json';
import type { Tenant } from './graph-tenant';
import { CONTEXTS, ID, POLICIES, refusal, startTenant, STRENGTHS } from './graph-tenant';

let tenant: Tenant;
beforeEach(async () => {
  tenant = await startTenant();
});
afterEach(async () => {
  await tenant.stop();
});

const OWN = `${POLICIES}/${ID.policy}`;
const LOCATIONS = '/identity/conditionalAccess/namedLocations';
const MFA_FOR_AZURE = {
  displayName: 'MFA for Azure management',
  state: 'enabled',
  conditions: {
    applications: { includeApplications: ['797f4846-ba00-4fd7-ba43-dac1f8f63013'] },
    users: { includeUsers: ['All'] },
  },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
};

async function policy(): Promise<unknown> {
  return (await tenant.ask('GET', OWN)).body;
}

describe('conditional access policies', () => {
  test('are shown whole, with the strength of today in the place of its reference', async () => {
    expect(await policy()).toMatchObject({
      '@odata.context': `${tenant.url}/v1.0/$metadata#identity/conditionalAccess/policies/$entity`,
      id: ID.policy,
      state: 'enabled',
      conditions: {
        clientAppTypes: ['all'],
        platforms: null,
        applications: { includeApplications: [], includeAuthenticationContextClassReferences: ['c1'] },
        users: { includeUsers: ['All'], excludeGroups: [ID.breakGlassGroup], excludeGuestsOrExternalUsers: null },
      },
      grantControls: {
        builtInControls: [],
        authenticationStrength: {
          id: ID.phishingResistant,
          policyType: 'builtIn',
          allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
        },
      },
      sessionControls: { signInFrequency: { frequencyInterval: 'everyTime', value: null, isEnabled: true } },
    });
  });

  test('keep on PATCH what it omits, and lose what it sets to empty or null', async () => {
    const narrowed = { conditions: { platforms: { includePlatforms: ['windows'] }, signInRiskLevels: ['high'] } };
    expect((await tenant.ask('PATCH', OWN, narrowed)).status).toBe(204);
    expect(await policy()).toMatchObject({
      conditions: {
        platforms: { includePlatforms: ['windows'], excludePlatforms: [] },
        signInRiskLevels: ['high'],
        users: { excludeGroups: [ID.breakGlassGroup] },
      },
      grantControls: { authenticationStrength: { id: ID.phishingResistant } },
    });
    await tenant.ask('PATCH', OWN, { conditions: { platforms: null, signInRiskLevels: [] } });
    expect(await policy()).toMatchObject({ conditions: { platforms: null, signInRiskLevels: [] } });
  });

  test('take the strength by id, by its address, or whole; and lose it to null', async () => {
    const second = '00000000-0000-0000-0000-000000000002';
    for (const grantControls of [
      { authenticationStrength: { id: second } },
      { authenticationStrength: { id: second, displayName: 'Anything', policyType: 'custom' } },
      { 'authenticationStrength@odata.bind': `${tenant.url}/v1.0${STRENGTHS}/${second}` },
    ]) {
      await tenant.ask('PATCH', OWN, { grantControls: { authenticationStrength: { id: ID.phishingResistant } } });
      expect((await tenant.ask('PATCH', OWN, { grantControls })).status).toBe(204);
      const strength = at(await policy(), 'grantControls', 'authenticationStrength');
      expect(strength).toMatchObject({ id: second, displayName: 'Multifactor authentication', policyType: 'builtIn' });
    }
    await tenant.ask('PATCH', OWN, { grantControls: { authenticationStrength: null, builtInControls: ['mfa'] } });
    expect(at(await policy(), 'grantControls')).toMatchObject({ authenticationStrength: null, operator: 'OR' });
  });

  test('are created, listed, deleted, and created again with another id', async () => {
    const first = await tenant.ask('POST', POLICIES, MFA_FOR_AZURE);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...MFA_FOR_AZURE, modifiedDateTime: null, sessionControls: null });
    const id = textAt(first.body, 'id') ?? '';
    expect(await tenant.all(POLICIES)).toHaveLength(2);
    expect((await tenant.ask('DELETE', `${POLICIES}/${id}`)).status).toBe(204);
    expect(refusal(await tenant.ask('GET', `${POLICIES}/${id}`))).toBe('404 NotFound');
    expect(textAt((await tenant.ask('POST', POLICIES, MFA_FOR_AZURE)).body, 'id')).not.toBe(id);
  });

  test.each<[string, unknown]>([
    ['an unknown state', { state: 'on' }],
    ['an unknown strength', { grantControls: { authenticationStrength: { id: ID.policy } } }],
    ['a strength next to mfa', { grantControls: { builtInControls: ['mfa'] } }],
    ['block next to a strength', { grantControls: { builtInControls: ['block'] } }],
    [
      'a context that is none',
      { conditions: { applications: { includeAuthenticationContextClassReferences: ['c100'] } } },
    ],
    ['context and applications', { conditions: { applications: { includeApplications: ['All'] } } }],
    ['nothing to apply to', { conditions: { applications: { includeAuthenticationContextClassReferences: [] } } }],
    ['nobody to apply to', { conditions: { users: { includeUsers: [] } } }],
    ['a user that is no id', { conditions: { users: { excludeUsers: ['alex'] } } }],
    ['an unknown location', { conditions: { locations: { includeLocations: [ID.policy] } } }],
    ['an unknown client app', { conditions: { clientAppTypes: ['browsers'] } }],
    ['an unknown property', { conditions: { userRisk: ['low'] } }],
    ['every time with a value', { sessionControls: { signInFrequency: { value: 4, type: 'hours' } } }],
    ['no name', { displayName: null }],
    ['no controls at all', { grantControls: null, sessionControls: null }],
    ['a body that is a list', []],
    ['a body that is no JSON', '{"state":'],
  ])('refuse %s', async (_case, body) => {
    const before = await policy();
    const answer = await tenant.ask('PATCH', OWN, body);
    expect([refusal(answer), at(answer.body, 'error', 'innerError', 'request-id')]).toEqual([
      '400 BadRequest',
      answer.headers.get('request-id'),
    ]);
    expect(await policy()).toEqual(before);
  });

  test('are filtered by name and selected by property', async () => {
    await tenant.ask('POST', POLICIES, MFA_FOR_AZURE);
    const query = `$filter=${encodeURIComponent("displayName eq 'MFA for Azure management'")}&$select=id,state`;
    expect(await tenant.all(`${POLICIES}?${query}`)).toEqual([{ id: expect.any(String), state: 'enabled' }]);
    expect(refusal(await tenant.ask('GET', `${POLICIES}?$filter=conditions/users eq 'x'`))).toBe(
      '400 Request_UnsupportedQuery',
    );
    expect(refusal(await tenant.ask('GET', `${POLICIES}?$search=x`))).toBe('501 NotImplemented');
  });
});

describe('authentication contexts', () => {
  test('are made and changed by PATCH', async () => {
    const made = await tenant.ask('PATCH', `${CONTEXTS}/c7`, { displayName: 'Vault', isAvailable: true });
    expect(made.status).toBe(204);
    await tenant.ask('PATCH', `${CONTEXTS}/c7`, { isAvailable: false });
    expect((await tenant.ask('GET', `${CONTEXTS}/c7`)).body).toMatchObject({
      id: 'c7',
      displayName: 'Vault',
      description: null,
      isAvailable: false,
    });
    expect((await tenant.all(CONTEXTS)).map(({ id }) => id)).toEqual(['c1', 'c7']);
  });

  test.each(['c0', 'c100', 'c01', 'C1x', 'x1'])('refuse the id %s', async (id) => {
    expect(refusal(await tenant.ask('PATCH', `${CONTEXTS}/${id}`, { displayName: 'x' }))).toBe('400 BadRequest');
  });

  test('are deleted only when neither published nor used', async () => {
    expect(refusal(await tenant.ask('DELETE', `${CONTEXTS}/c1`))).toBe('403 Forbidden');
    await tenant.ask('PATCH', `${CONTEXTS}/c1`, { isAvailable: false });
    expect(refusal(await tenant.ask('DELETE', `${CONTEXTS}/c1`))).toBe('400 BadRequest');
    await tenant.ask('DELETE', OWN);
    expect((await tenant.ask('DELETE', `${CONTEXTS}/c1`)).status).toBe(204);
    expect(refusal(await tenant.ask('GET', `${CONTEXTS}/c1`))).toBe('404 NotFound');
  });
});

describe('authentication strengths', () => {
  const lookalike = { displayName: 'Phishing resistant MFA', allowedCombinations: ['fido2', 'password,sms'] };

  test('built in are three and refuse every change', async () => {
    expect((await tenant.all(STRENGTHS)).map(({ displayName }) => displayName)).toEqual([
      'Multifactor authentication',
      'Passwordless MFA',
      'Phishing resistant MFA',
    ]);
    const path = `${STRENGTHS}/${ID.phishingResistant}`;
    for (const answer of [
      await tenant.ask('PATCH', path, { displayName: 'x' }),
      await tenant.ask('POST', `${path}/updateAllowedCombinations`, { allowedCombinations: ['fido2'] }),
      await tenant.ask('DELETE', path),
    ]) {
      expect(refusal(answer)).toBe('403 Forbidden');
    }
  });

  test('custom may bear the name of a built-in one, and what a policy shows follows their combinations', async () => {
    const made = await tenant.ask('POST', STRENGTHS, lookalike);
    expect(made.body).toMatchObject({ ...lookalike, policyType: 'custom', requirementsSatisfied: 'mfa' });
    const id = textAt(made.body, 'id') ?? '';
    await tenant.ask('PATCH', OWN, { grantControls: { authenticationStrength: { id } } });
    const path = `${STRENGTHS}/${id}`;
    const changed = await tenant.ask('POST', `${path}/updateAllowedCombinations`, {
      allowedCombinations: ['password'],
    });
    expect(changed.body).toMatchObject({
      previousCombinations: ['fido2', 'password,sms'],
      currentCombinations: ['password'],
      conditionalAccessReferences: [ID.policy],
    });
    expect(at(await policy(), 'grantControls', 'authenticationStrength')).toMatchObject({
      id,
      requirementsSatisfied: 'none',
      allowedCombinations: ['password'],
    });
    expect(refusal(await tenant.ask('DELETE', path))).toBe('400 BadRequest');
    await tenant.ask('PATCH', OWN, { grantControls: { authenticationStrength: { id: ID.phishingResistant } } });
    expect((await tenant.ask('DELETE', path)).status).toBe(204);
  });

  test.each([{ allowedCombinations: ['carrierPigeon'] }, { allowedCombinations: [] }, { displayName: '' }])(
    'refuse %j',
    async (change) => {
      expect(refusal(await tenant.ask('POST', STRENGTHS, { ...lookalike, ...change }))).toBe('400 BadRequest');
    },
  );
});

describe('named locations', () => {
  test('are created, used by a policy, and then not deleted', async () => {
    const made = await tenant.ask('POST', LOCATIONS, {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      displayName: 'Office',
      isTrusted: true,
      ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '198.51.100.0/24' }],
    });
    expect(made.status).toBe(201);
    const id = textAt(made.body, 'id') ?? '';
    const locations = { includeLocations: ['All'], excludeLocations: [id] };
    expect((await tenant.ask('PATCH', OWN, { conditions: { locations } })).status).toBe(204);
    expect(refusal(await tenant.ask('DELETE', `${LOCATIONS}/${id}`))).toBe('400 BadRequest');
    await tenant.ask('PATCH', `${LOCATIONS}/${id}`, { isTrusted: false });
    expect(await tenant.all(LOCATIONS)).toMatchObject([{ id, displayName: 'Office', isTrusted: false }]);
  });

  test.each([
    { '@odata.type': '#microsoft.graph.ipNamedLocation', displayName: 'x', ipRanges: [{ cidrAddress: 'office' }] },
    { '@odata.type': '#microsoft.graph.countryNamedLocation', displayName: 'x' },
    { displayName: 'x' },
  ])('refuse %j', async (body) => {
    expect(refusal(await tenant.ask('POST', LOCATIONS, body))).toBe('400 BadRequest');
  });
});

/** What a what-if says of each policy: whether it applies, and why not. */
async function results(userId: string, change: Record<string, unknown> = {}): Promise<string[]> {
  const answer = await tenant.ask('POST', '/identity/conditionalAccess/evaluate', {
    signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId },
    signInContext: { '@odata.type': '#microsoft.graph.authContext', authenticationContextValue: 'c1' },
    signInConditions: { clientAppType: 'browser', devicePlatform: 'macOS', signInRiskLevel: 'none' },
    ...change,
  });
  return listAt(answer.body, 'value').map((each) => `${String(each.policyApplies)} ${String(each.analysisReasons)}`);
}

describe('what-if', () => {
  test('says that the policy applies, report-only as well, and off not', async () => {
    expect(await results(ID.alex)).toEqual(['true notSet']);
    await tenant.ask('PATCH', OWN, { state: 'enabledForReportingButNotEnforced' });
    expect(await results(ID.alex)).toEqual(['true notSet']);
    await tenant.ask('PATCH', OWN, { state: 'disabled' });
    expect(await results(ID.alex)).toEqual(['false policyNotEnabled']);
    expect(await results(ID.alex, { appliedPoliciesOnly: true })).toEqual([]);
  });

  test('counts members of an excluded group out, however deep', async () => {
    expect(await results(ID.breakGlass1)).toEqual(['false users']);
    await tenant.ask('PATCH', OWN, { conditions: { users: { excludeGroups: [ID.bastionUsers] } } });
    expect(await results(ID.sam)).toEqual(['false users']);
    expect(await results(ID.kim)).toEqual(['true notSet']);
  });

  test('names the first condition that is not met', async () => {
    await tenant.ask('POST', POLICIES, MFA_FOR_AZURE);
    expect(await results(ID.alex)).toEqual(['true notSet', 'false authenticationContext']);
    await tenant.ask('PATCH', OWN, { conditions: { platforms: { includePlatforms: ['windows'] } } });
    expect(await results(ID.alex)).toEqual(['false devicePlatform', 'false authenticationContext']);
    const signInContext = {
      '@odata.type': '#microsoft.graph.applicationContext',
      includeApplications: ['797f4846-ba00-4fd7-ba43-dac1f8f63013'],
    };
    expect(await results(ID.alex, { signInContext })).toEqual(['false application', 'true notSet']);
  });

  test('refuses a user that there is not, and a context of no kind', async () => {
    for (const body of [{ signInIdentity: { userId: ID.policy } }, { signInIdentity: { userId: ID.alex } }]) {
      expect(refusal(await tenant.ask('POST', '/identity/conditionalAccess/evaluate', body))).toBe('400 BadRequest');
    }
  });
});
