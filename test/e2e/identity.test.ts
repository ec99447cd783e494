/** Drifts of what guards the sign-in, at the wire: found, repaired or held, told, and nothing else of it touched. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { isObject, listAt, parseJson, textAt } from '../../playground/json';
import { armClient, graphClient } from '../../playground/stories/arm-client';
import {
  administrator,
  authorization,
  bastionRole,
  networkIdentity,
  roleDefinition,
  roleSettings,
  scopeOf,
  signInPolicy,
} from '../../playground/stories/identity-scene';
import { tenantOf } from '../../playground/stories/identity-tenant';
import { estateDifference } from '../../playground/stories/estate';
import { createStage, type Stage } from '../../playground/stories/stage';
import { type GuardedEstate, startGuarded } from './guarded-estate';

// Every test waits for a whole playground to come to rest, and Conditional Access takes one request a second.
jest.setTimeout(60_000);

const silent = { print: () => {}, say: () => {}, wantsDetail: false };
const reportOnly = { state: 'enabledForReportingButNotEnforced' };

describe('a drift of the sign-in settings at the wire', () => {
  let guarded: GuardedEstate;
  let stage: Stage;
  /** What the app had written before the test. */
  let written = 0;

  beforeAll(async () => {
    guarded = await startGuarded({ rbac: true });
    stage = createStage(guarded.playground, silent);
  });
  // Each drift is repaired, and its tenant the accepted one of the next test: a look at it takes seconds.
  beforeEach(() => {
    written = guarded.writesByApp().length;
  });
  afterAll(() => guarded.playground.close());

  async function tokenOf(clientId?: string): Promise<string> {
    const { endpoint, header } = guarded.playground.endpoints.identity;
    const client = clientId === undefined ? '' : `&client_id=${clientId}`;
    const query = `resource=https://graph.microsoft.com&api-version=2019-08-01${client}`;
    const answer = await fetch(`${endpoint}?${query}`, { headers: { 'x-identity-header': header } });
    return textAt(parseJson(await answer.text()), 'access_token');
  }

  test('the clean tenant is the accepted state: nothing is found, nobody is told, nothing is written', async () => {
    const { output, exitCode } = await guarded.playground.command('plan', '--format', 'json');
    const plans = listAt(parseJson(output), 'plans').filter(isObject);
    expect(plans.map((plan) => [plan.scope, listAt(plan, 'repairs'), listAt(plan, 'held')])).toEqual([
      ['network', [], []],
      ['identity', [], []],
    ]);
    expect(exitCode).toBe(0);
    expect(guarded.writesByApp().slice(written)).toEqual([]);
    expect(guarded.playground.inbox().teams).toEqual([]);
  });

  test('a policy in report-only is enforced again, by the identity for it and by no other', async () => {
    const before = await tenantOf(stage);
    await graphClient(guarded.playground.endpoints)(administrator, 'PATCH', signInPolicy, reportOnly);
    const refused = await fetch(`${guarded.playground.endpoints.graph}/v1.0${signInPolicy}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${await tokenOf()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'disabled' }),
    });
    expect(refused.status).toBe(403);
    await stage.run('watchDirectory');
    expect(estateDifference(before, await tenantOf(stage))).toEqual([]);
    expect(
      guarded
        .writesByApp()
        .slice(written)
        .map(({ method, status }) => [method, status]),
    ).toEqual([
      ['PATCH', 403],
      ['PATCH', 204],
    ]);
    const [incident] = await guarded.incidents();
    expect(incident).toMatchObject({ status: 'repaired', cause: { kind: 'audit', actor: administrator } });
    const told = guarded.playground.inbox().teams.at(-1)?.text;
    expect(told).toContain('alex@contoso.example may activate Bastion Users on rg-app, rg-data and rg-hub');
    expect(told).toContain('state: report-only; the policy wants enabled');
  });

  test('a longer activation, and an edit that harms nobody in the same write: the one goes, the other stays', async () => {
    const scope = scopeOf('rg-data');
    const { name, rules } = await roleSettings(stage, scope);
    const send = armClient(guarded.playground.endpoints);
    const before = await tenantOf(stage);
    await send(administrator, 'PATCH', authorization(scope, `roleManagementPolicies/${name}`), {
      properties: {
        rules: [
          { ...rules.get('Expiration_EndUser_Assignment'), maximumDuration: 'PT12H' },
          { ...rules.get('Expiration_Admin_Eligibility'), maximumDuration: 'P180D' },
        ],
      },
    });
    await guarded.rest();
    const left = estateDifference(before, await tenantOf(stage));
    expect(left).toEqual([expect.stringMatching(/Expiration_Admin_Eligibility\/maximumDuration: P365D → P180D$/)]);
    const [incident] = await guarded.incidents();
    expect(incident).toMatchObject({ status: 'repaired', cause: { kind: 'change' } });
    expect(guarded.playground.inbox().teams.at(-1)?.text).toContain(`Changed by: ${administrator}`);
  });

  test('the guardrail’s own identity never loses a role by its own hand, whoever gave it', async () => {
    const send = armClient(guarded.playground.endpoints);
    const name = '0a4e0000-0000-4000-8000-000000000001';
    await send(administrator, 'PUT', authorization(scopeOf('rg-app'), `roleAssignments/${name}`), {
      properties: {
        principalId: networkIdentity,
        principalType: 'ServicePrincipal',
        roleDefinitionId: roleDefinition(bastionRole),
      },
    });
    await guarded.rest();
    const [incident] = await guarded.incidents();
    expect(incident?.status).toBe('held');
    expect(incident?.held.map(({ hold }) => hold.reason)).not.toContain('needs-approval');
    const fingerprint = incident?.held[0]?.finding.fingerprint ?? '';
    await guarded.playground.command('approve', fingerprint, '--by', 'Sam Duty');
    await guarded.rest();
    expect(guarded.writesByApp().slice(written)).toEqual([]);
  });
});
