import { describe, expect, test } from '@jest/globals';
import type { Surroundings } from '../../cli/surroundings';
import { evaluateIdentity } from '../../shared/controls';
import type { Guardrail } from '../../shared/compose';
import type { Finding } from '../../shared/finding';
import type { Incident } from '../../shared/incident';
import { EMPTY_NETWORK } from '../../shared/network/network';
import type { Snapshot } from '../../shared/ports';
import type { Preview } from '../../shared/preview';
import { type Scope, scopeKey } from '../../shared/scope';
import { NOW, signInAs, tenant, withPolicy } from '../tenant';
import { guardrail, guardrailJson } from './command';

const TENANT = '7e7a0000-0000-4000-8000-000000000001';
const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
const SCOPE: Scope = { kind: 'identity', tenantId: TENANT };

const policy = signInAs();
const weak = withPolicy(tenant(), (before) => ({ ...before, state: 'disabled' }));
const { findings } = evaluateIdentity(weak, policy, NOW);

const hold = { reason: 'needs-approval', detail: 'the mode is approve' } as const;

function previewOf(scope: Scope, found: readonly Finding[]): Preview {
  const held = found.map((finding) => ({ finding, hold }));
  return { scope, takenAt: NOW, findings: found, gaps: [], plan: { repairs: [], held } };
}

const incident: Incident = {
  id: '20260302T090000Z-0123456789ab',
  scope: SCOPE,
  cause: { kind: 'sweep' },
  fence: 1,
  policyHash: policy.hash,
  status: 'held',
  openedAt: NOW.toISOString(),
  findings,
  repairs: [],
  held: findings.map((finding) => ({ finding, hold })),
  outcomes: [],
  gaps: [],
  timings: [],
};

interface Did {
  readonly accepted: string[];
  readonly approved: string[];
  readonly looked: string[];
}

function foundIn(scope: Scope): readonly Finding[] {
  return scope.kind === 'identity' ? findings : [];
}

/** A guardrail over one clean subscription and a tenant whose sign-in is weak. */
function surroundings(did: Did, guards: readonly Scope['kind'][] = ['network', 'identity']): Partial<Surroundings> {
  const fake = {
    settings: { subscriptions: [SUBSCRIPTION], guards, ...(guards.includes('identity') && { tenantId: TENANT }) },
    context: { policy, ceiling: 'remediate' },
    preview: async (scope: Scope) => previewOf(scope, foundIn(scope)),
    accept: async (scope: Scope): Promise<Snapshot> => {
      did.accepted.push(scopeKey(scope));
      const base = { scope, takenAt: NOW, network: EMPTY_NETWORK, gaps: [], resources: [] };
      return scope.kind === 'identity' ? { ...base, identity: weak } : base;
    },
    orders: {
      approve: async (scope: Scope, fingerprint: string) => {
        did.approved.push(`${scopeKey(scope)} ${fingerprint}`);
      },
    },
    reconcile: async (scope: Scope) => {
      did.looked.push(scopeKey(scope));
      return { looked: 'done', findings: [], gaps: [] };
    },
    journal: { readIncident: async (id: string) => (id === incident.id ? incident : undefined) },
  };
  return { openGuardrail: async () => fake as unknown as Guardrail };
}

const nothing = (): Did => ({ accepted: [], approved: [], looked: [] });

describe('commands on a guardrail that guards the sign-in as well', () => {
  test('plan shows subscriptions and the tenant, each under its own name', async () => {
    const { code, out } = await guardrail(['plan'], { surroundings: surroundings(nothing()) });
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^subscription ${SUBSCRIPTION} as of .*: 0 repairs, 0 held, 0 gaps$`, 'm'));
    expect(out).toMatch(new RegExp(`^tenant ${TENANT} as of .*: 0 repairs, 1 held, 0 gaps$`, 'm'));
    const json = await guardrailJson<{ plans: object[] }>(['plan'], { surroundings: surroundings(nothing()) });
    expect(json.plans).toMatchObject([
      { scope: 'network', subscription: SUBSCRIPTION },
      { scope: 'identity', tenant: TENANT, held: [{ control: 'context-requires-phishing-resistant-mfa' }] },
    ]);
    expect(json.plans[1]).not.toHaveProperty('subscription');
  });

  test('whoever asks for a subscription does not get the tenant', async () => {
    const did = nothing();
    const args = ['accept', '--subscription', SUBSCRIPTION];
    expect((await guardrail(args, { surroundings: surroundings(did) })).code).toBe(0);
    expect(did.accepted).toEqual([`network-${SUBSCRIPTION}`]);
  });

  test('accept takes the state of both, and says what stands in the tenant', async () => {
    const did = nothing();
    const { out } = await guardrail(['accept'], { surroundings: surroundings(did) });
    expect(did.accepted).toEqual([`network-${SUBSCRIPTION}`, `identity-${TENANT}`]);
    expect(out).toMatch(new RegExp(`^accepted: tenant ${TENANT} as of .*: 0 resources, 1 standing finding, `, 'm'));
  });

  test.each([
    ['a fingerprint', findings[0]?.fingerprint ?? ''],
    ['an incident', incident.id],
  ])('approve finds %s in the tenant, and looks there', async (_, wanted) => {
    const did = nothing();
    const json = await guardrailJson<object>(['approve', wanted], { surroundings: surroundings(did) });
    expect(json).toMatchObject({
      approvals: [{ tenant: TENANT, fingerprint: findings[0]?.fingerprint, ended: 'gone' }],
    });
    expect(did.approved).toEqual([`identity-${TENANT} ${findings[0]?.fingerprint}`]);
    expect(did.looked).toEqual([`identity-${TENANT}`]);
  });

  test('an incident of a tenant that is not guarded any more is nothing to approve', async () => {
    const said = await guardrail(['approve', incident.id], { surroundings: surroundings(nothing(), ['network']) });
    expect(said).toMatchObject({ code: 2, error: expect.stringContaining('in a tenant that is not guarded any more') });
  });

  test('an incident of the tenant is shown like any other', async () => {
    const { out } = await guardrail(['incidents', incident.id], { surroundings: surroundings(nothing()) });
    expect(out).toContain('Bastion activation');
  });

  test('an app for the sign-in alone looks at no network', async () => {
    const json = await guardrailJson<{ plans: object[] }>(['plan'], {
      surroundings: surroundings(nothing(), ['identity']),
    });
    expect(json.plans).toMatchObject([{ scope: 'identity' }]);
  });
});
