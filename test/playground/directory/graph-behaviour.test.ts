// How the local Graph behaves whatever is asked: permissions, audit, pages, limits, stale reads, batches, control.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, textAt } from '../../../playground/azure/json';
import type { Tenant, Who } from './graph-tenant';
import { CONTEXTS, ID, NOW, POLICIES, refusal, startTenant, STRENGTHS, tenantJson } from './graph-tenant';

let tenant: Tenant;
beforeEach(async () => {
  tenant = await startTenant();
});
afterEach(async () => {
  await tenant.stop();
});

const OWN = `${POLICIES}/${ID.policy}`;
const AUDITS = '/auditLogs/directoryAudits';
const REPORT_ONLY = { state: 'enabledForReportingButNotEnforced' };

async function state(): Promise<string | undefined> {
  return textAt((await tenant.ask('GET', OWN)).body, 'state');
}

describe('permissions', () => {
  test.each<[Who, string, string, unknown, string]>([
    ['nobody', 'GET', POLICIES, undefined, '401 InvalidAuthenticationToken'],
    ['stranger', 'GET', POLICIES, undefined, '403 AccessDenied'],
    ['stranger', 'GET', '/users', undefined, '403 Authorization_RequestDenied'],
    ['stranger', 'GET', AUDITS, undefined, '403 Authentication_MSGraphPermissionMissing'],
    ['network', 'GET', POLICIES, undefined, '200 '],
    ['network', 'PATCH', OWN, REPORT_ONLY, '403 AccessDenied'],
    ['network', 'DELETE', OWN, undefined, '403 AccessDenied'],
    ['network', 'PATCH', `${CONTEXTS}/c1`, { isAvailable: false }, '403 AccessDenied'],
    ['network', 'POST', STRENGTHS, {}, '403 AccessDenied'],
    ['network', 'DELETE', `/users/${ID.alex}`, undefined, '403 Authorization_RequestDenied'],
    ['identity', 'PATCH', OWN, { state: 'enabled' }, '204 '],
    ['identity', 'PATCH', `${CONTEXTS}/c1`, { isAvailable: true }, '204 '],
    ['identity', 'GET', `/groups/${ID.bastionUsers}/transitiveMembers`, undefined, '200 '],
    ['identity', 'GET', AUDITS, undefined, '200 '],
    ['identity', 'DELETE', `/users/${ID.alex}`, undefined, '403 Authorization_RequestDenied'],
    ['mallory', 'PATCH', OWN, REPORT_ONLY, '204 '],
  ])('%s asking %s %s %j is answered %s', async (who, method, path, body, expected) => {
    expect(refusal(await tenant.ask(method, path, body, who))).toBe(expected);
  });

  test('writing Conditional Access takes Application.Read.All as well', async () => {
    await tenant.stop();
    const appRoles = { '9a4d0000-0000-4000-8000-000000000002': ['Policy.ReadWrite.ConditionalAccess'] };
    tenant = await startTenant({ appRoles });
    expect(refusal(await tenant.ask('PATCH', OWN, REPORT_ONLY, 'identity'))).toBe('403 AccessDenied');
    expect((await tenant.ask('GET', OWN, undefined, 'identity')).status).toBe(200);
  });
});

describe('the audit log', () => {
  test('records who changed what, with old and new values as JSON text', async () => {
    await tenant.ask('PATCH', OWN, REPORT_ONLY, 'alex@contoso.example');
    await tenant.ask('PATCH', OWN, { state: 'enabled' }, 'identity');
    const [byApp, byPerson] = await tenant.all(AUDITS);
    expect(byPerson).toMatchObject({
      activityDateTime: NOW.toISOString(),
      loggedByService: 'Conditional Access',
      category: 'Policy',
      operationType: 'Update',
      initiatedBy: { user: { id: ID.alex, userPrincipalName: 'alex@contoso.example' }, app: null },
      targetResources: [{ id: ID.policy, type: 'Policy' }],
    });
    const [modified] = listAt(listAt(byPerson, 'targetResources')[0], 'modifiedProperties');
    expect(at(JSON.parse(textAt(modified, 'oldValue') ?? ''), 'state')).toBe('enabled');
    expect(at(JSON.parse(textAt(modified, 'newValue') ?? ''), 'state')).toBe(REPORT_ONLY.state);
    expect(byApp).toMatchObject({
      initiatedBy: { user: null, app: { appId: ID.identity, displayName: 'guardrail-identity' } },
    });
    const spellings = [byPerson, byApp].map((entry) => textAt(entry, 'activityDisplayName'));
    expect(spellings).toEqual(['Update conditional access policy', 'Update Conditional Access policy']);
  });

  test('names contexts and strengths as Entra does', async () => {
    await tenant.ask('PATCH', `${CONTEXTS}/c2`, { displayName: 'x' });
    await tenant.ask('POST', STRENGTHS, { displayName: 'x', allowedCombinations: ['fido2'] });
    expect(await tenant.all(AUDITS)).toMatchObject([
      { activityDisplayName: 'Authentication Strength Policy Create', loggedByService: 'Authentication Methods' },
      { activityDisplayName: 'Add AuthenticationContextClassReference', loggedByService: 'Conditional Access' },
    ]);
  });

  test('is filtered by service and time', async () => {
    await tenant.ask('PATCH', OWN, REPORT_ONLY);
    await tenant.control('POST', 'clock', { now: '2026-03-02T09:10:00Z' });
    await tenant.ask('PATCH', OWN, { state: 'enabled' });
    await tenant.ask('PATCH', `/users/${ID.sam}`, { jobTitle: 'Operator' });
    const filter = "loggedByService eq 'Conditional Access' and activityDateTime ge 2026-03-02T09:05:00Z";
    expect(await tenant.all(`${AUDITS}?$filter=${encodeURIComponent(filter)}`)).toHaveLength(1);
    const any = `targetResources/any(t: t/id eq '${ID.sam}') or startswith(activityDisplayName, 'Delete')`;
    expect(await tenant.all(`${AUDITS}?$filter=${encodeURIComponent(any)}`)).toHaveLength(1);
    const ordered = await tenant.all(`${AUDITS}?$orderby=activityDateTime asc&$select=activityDateTime`);
    expect(ordered[0]).toEqual({ activityDateTime: NOW.toISOString() });
  });

  test.each([
    "loggedByService eq 'x' and",
    'loggedByService is x',
    "(id eq 'x'",
    'userAgent eq null',
    "id eq 'x' 'y'",
    '%',
  ])('refuses the filter %s', async (filter) => {
    expect((await tenant.ask('GET', `${AUDITS}?$filter=${encodeURIComponent(filter)}`)).status).toBe(400);
  });
});

describe('pages', () => {
  test('follow from a link, as long as asked or as the faults say', async () => {
    const first = await tenant.ask('GET', '/users?$top=4&$count=true&$select=id');
    expect([listAt(first.body, 'value').length, at(first.body, '@odata.count')]).toEqual([4, 6]);
    expect(textAt(first.body, '@odata.nextLink')).toContain(`${tenant.url}/v1.0/users?`);
    expect(await tenant.all('/users?$top=4')).toHaveLength(6);
    await tenant.control('POST', 'faults', { pageSize: 1 });
    expect(listAt((await tenant.ask('GET', '/users?$top=999')).body, 'value')).toHaveLength(1);
    expect(await tenant.all('/users?$top=999')).toHaveLength(6);
    for (const top of ['0', '1000', 'ten']) {
      expect(refusal(await tenant.ask('GET', `/users?$top=${top}`))).toBe('400 BadRequest');
    }
    expect(refusal(await tenant.ask('GET', '/users?$skiptoken=x'))).toBe('400 BadRequest');
  });
});

describe('limits', () => {
  test('one request a second for Conditional Access of all apps together, without Retry-After', async () => {
    expect((await tenant.ask('GET', POLICIES)).status).toBe(200);
    await tenant.control('POST', 'directory', { limits: 'real' });
    expect((await tenant.ask('GET', POLICIES, undefined, 'network')).status).toBe(200);
    const refused = await tenant.ask('GET', POLICIES, undefined, 'identity');
    expect([refusal(refused), refused.headers.get('retry-after')]).toEqual(['429 TooManyRequests', null]);
    expect((await tenant.ask('GET', '/users')).status).toBe(200);
    await tenant.control('POST', 'clock', { advanceMs: 1000 });
    expect((await tenant.ask('GET', POLICIES)).status).toBe(200);
  });

  test('five requests in ten seconds for the audit log', async () => {
    await tenant.control('POST', 'directory', { limits: 'real' });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) statuses.push((await tenant.ask('GET', AUDITS)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe('stale reads', () => {
  test('so many reads after a write see the old state, and the next write builds on the new one', async () => {
    await tenant.control('POST', 'directory', { staleReads: 2 });
    await tenant.ask('PATCH', OWN, REPORT_ONLY);
    expect([await state(), await state(), await state()]).toEqual(['enabled', 'enabled', REPORT_ONLY.state]);
    await tenant.ask('PATCH', OWN, { displayName: 'Renamed' });
    await state();
    await state();
    expect((await tenant.ask('GET', OWN)).body).toMatchObject({ ...REPORT_ONLY, displayName: 'Renamed' });
  });

  test('copies disagree in a pattern', async () => {
    await tenant.control('POST', 'directory', { staleReads: ['new', 'old'] });
    await tenant.ask('PATCH', OWN, REPORT_ONLY);
    expect([await state(), await state(), await state()]).toEqual([REPORT_ONLY.state, 'enabled', REPORT_ONLY.state]);
  });

  test('reads look as far back as the faults say', async () => {
    await tenant.control('POST', 'faults', { staleReads: { ms: 5000 } });
    await tenant.ask('PATCH', OWN, REPORT_ONLY);
    expect(await state()).toBe('enabled');
    await tenant.control('POST', 'clock', { advanceMs: 5001 });
    expect(await state()).toBe(REPORT_ONLY.state);
  });
});

test('a batch answers each request, and not one whose predecessor failed', async () => {
  const requests = [
    { id: '1', method: 'GET', url: `/users/${ID.alex}` },
    { id: '2', method: 'PATCH', url: OWN, body: { state: 'on' } },
    { id: '3', method: 'DELETE', url: OWN, dependsOn: ['2'] },
  ];
  const { body } = await tenant.ask('POST', '/$batch', { requests });
  expect(listAt(body, 'responses').map(({ id, status }) => [id, status])).toEqual([
    ['1', 200],
    ['2', 400],
    ['3', 424],
  ]);
  expect(await state()).toBe('enabled');
  expect(refusal(await tenant.ask('POST', '/$batch', { requests: [] }))).toBe('400 BadRequest');
});

test.each(['/me', '/users/x/messages', '/identity/conditionalAccess/templates', '/policies', '/%E0%A4%A'])(
  'refuses %s in its own error shape',
  async (path) => {
    const answer = await tenant.ask('GET', path);
    expect([400, 501]).toContain(answer.status);
    expect(answer.body).toMatchObject({
      error: { code: expect.any(String), innerError: { date: expect.any(String) } },
    });
  },
);

describe('the control', () => {
  test('shows the tenant as JSON that can be put back, and reset goes back to the first one', async () => {
    const before = (await tenant.control('GET', 'directory')).body;
    await tenant.ask('DELETE', OWN);
    expect((await tenant.control('PUT', 'directory', at(before, 'directory'))).status).toBe(204);
    expect(await state()).toBe('enabled');
    expect((await tenant.control('GET', 'directory')).body).toEqual(before);
    await tenant.control('PUT', 'directory', { users: [] });
    expect(await tenant.all('/users')).toEqual([]);
    await tenant.control('POST', 'reset', {});
    expect(await tenant.all('/users')).toHaveLength(6);
  });

  test.each([{ users: [{}] }, { people: [] }, [], 'x', tenantJson({ groups: [{ id: 'a' }, { id: 'A' }] })])(
    'refuses a tenant that cannot be read and changes nothing (case %#)',
    async (body) => {
      expect(refusal(await tenant.control('PUT', 'directory', body))).toBe('400 BadControlRequest');
      expect(await tenant.all('/users')).toHaveLength(6);
    },
  );

  test('refuses conditions it does not know', async () => {
    expect(refusal(await tenant.control('POST', 'directory', { limits: 'some' }))).toBe('400 BadControlRequest');
  });
});
