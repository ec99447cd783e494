import { afterEach, describe, expect, test } from '@jest/globals';
import type { NetworkAction } from '../../../shared/network/action';
import { propertiesOf } from '../../../shared/network/json';
import type { WriteTurn } from '../../../shared/ports';
import type { Outcome } from '../../../shared/remediation/outcome';
import { type Answer, type ArmServer, armError, type Respond, startArm } from './arm-server';
import { FREE_TURN, NOW, NSG, NSG_KEY, rule, securityGroup, snapshotOf, SUBSCRIPTION, tenantAt } from './fixture';

const OPERATION = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope/operations/op-1`;
const NARROW: NetworkAction = {
  kind: 'narrow-rule-sources',
  securityGroup: NSG_KEY,
  rule: 'allow-rdp',
  sources: ['10.0.0.0/26'],
};

let arm: ArmServer;
afterEach(() => arm.close());

async function applying(
  respond: Respond,
  actions: readonly NetworkAction[] = [NARROW],
  ...resources: unknown[]
): Promise<readonly Outcome[]> {
  return applyingIn(FREE_TURN, respond, actions, ...resources);
}

async function applyingIn(
  turn: WriteTurn,
  respond: Respond,
  actions: readonly NetworkAction[] = [NARROW],
  ...resources: unknown[]
): Promise<readonly Outcome[]> {
  arm = await startArm(respond);
  const snapshot = snapshotOf(...(resources.length > 0 ? resources : [securityGroup()]));
  return tenantAt(arm.origin).apply(snapshot, actions, turn);
}

function accepted(status = 200): Answer {
  const headers = {
    'azure-asyncoperation': `https://management.azure.com${OPERATION}?api-version=2026-01-01`,
    'x-ms-request-id': 'req-put',
    'retry-after': '0',
  };
  return { status, headers, body: securityGroup({ properties: { provisioningState: 'Updating', securityRules: [] } }) };
}

/** A rule less what is ARM's own. */
function sendable(read: Record<string, unknown>): Record<string, unknown> {
  const { etag: _, ...kept } = read;
  const { provisioningState: __, ...properties } = propertiesOf(kept);
  return { ...kept, properties };
}

function writes(): unknown[] {
  return arm.seen.filter(({ method }) => method === 'PUT').map(({ body }) => JSON.parse(body));
}

async function noAnswer(): Promise<never> {
  throw new Error('Storage: no answer');
}

describe('shared/azure/apply', () => {
  test('writes the parent once, under its etag, follows the operation to its end and reports before and after', async () => {
    const stored = rule('allow-rdp', 120, { sourceAddressPrefix: '10.0.0.0/26' });
    let polls = 0;
    const outcomes = await applying(({ method, path }) => {
      if (method === 'PUT') return accepted();
      if (path !== OPERATION)
        return { body: securityGroup({ etag: 'W/"etag-2"', properties: { securityRules: [stored] } }) };
      polls += 1;
      return { headers: { 'retry-after': '0' }, body: { status: polls < 3 ? 'InProgress' : 'Succeeded' } };
    });
    expect(outcomes).toEqual([
      {
        resource: NSG_KEY,
        status: 'applied',
        requestIds: ['req-put'],
        changes: [{ rule: 'allow-rdp', before: rule('allow-rdp', 120), after: stored }],
      },
    ]);
    expect(polls).toBe(3);
    const [put] = arm.seen;
    expect(put).toMatchObject({ method: 'PUT', path: NSG, headers: { 'if-match': 'W/"etag-1"' } });
    expect(arm.seen.at(-1)).toMatchObject({ method: 'GET', path: NSG });
  });

  test('everything that is not named by an action, known or not, is sent as it was read', async () => {
    await applying(() => ({ body: securityGroup() }));
    const { etag: _, properties, ...top } = securityGroup();
    const { flushConnection, futureProperty } = propertiesOf({ properties });
    const https = sendable(rule('allow-https', 130, { destinationPortRange: '443' }));
    const rdp = sendable(rule('allow-rdp', 120, { sourceAddressPrefix: '10.0.0.0/26' }));
    const expected = { ...top, properties: { flushConnection, futureProperty, securityRules: [rdp, https] } };
    expect(writes()).toEqual([expected]);
    // The untouched rule byte for byte, in the order it came in.
    expect(arm.seen[0]?.body).toContain(JSON.stringify(https));
  });

  test('several actions on one group are one write, and each group has its own', async () => {
    const second = `${NSG}-2`;
    const outcomes = await applying(
      () => ({ body: {} }),
      [
        NARROW,
        { kind: 'remove-rule', securityGroup: second.toLowerCase(), rule: 'allow-rdp' },
        {
          kind: 'narrow-rule-ports',
          securityGroup: NSG_KEY,
          rule: 'ALLOW-RDP',
          destinationPorts: ['443', '8080-8090'],
        },
      ],
      securityGroup(),
      securityGroup({ id: second }),
    );
    expect(outcomes.map(({ resource, status }) => [resource, status])).toEqual([
      [NSG_KEY, 'applied'],
      [second.toLowerCase(), 'applied'],
    ]);
    expect(
      arm.seen
        .filter(({ method }) => method === 'PUT')
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([NSG, second]);
  });

  test('a group that is already as wanted is not written', async () => {
    const outcomes = await applying(
      () => armError(500, 'NobodyShouldAsk'),
      [
        { kind: 'remove-rule', securityGroup: NSG_KEY, rule: 'gone-already' },
        { ...NARROW, sources: ['Internet'] },
      ],
    );
    expect(outcomes).toEqual([{ resource: NSG_KEY, status: 'already', requestIds: [], changes: [] }]);
    expect(arm.seen).toEqual([]);
  });

  test.each([
    [412, 'PreconditionFailed'],
    [404, 'ResourceNotFound'],
  ])('a moved etag or a deleted group (%i) is superseded and not insisted upon', async (status, code) => {
    const outcomes = await applying(() => armError(status, code));
    expect(outcomes[0]).toMatchObject({ status: 'superseded', requestIds: [`req-${code}`] });
    expect(arm.seen).toHaveLength(1);
  });

  test.each([
    [403, 'DenyAssignmentAuthorizationFailed', false, /deny assignment/],
    [403, 'AuthorizationFailed', false, /infra\/roles\/network\.json/],
    [403, 'LinkedAuthorizationFailed', false, /join action/],
    [403, 'RequestDisallowedByPolicy', false, /Azure Policy/],
    [409, 'ScopeLocked', false, /lock/],
    [400, 'SecurityRuleConflict', false, /correct the resource/],
    [409, 'SubnetIsInUse', false, /correct the resource/],
    [409, 'AnotherOperationInProgress', true, /tried again/],
    [429, 'RetryableErrorDueToAnotherOperation', true, /tried again/],
    [503, 'ServiceUnavailable', true, /tried again/],
  ])('%i %s is a failure (retryable: %s) that says what to do', async (status, code, retryable, advice) => {
    const [outcome] = await applying(() => armError(status, code));
    const isRefusal = !retryable;
    expect(outcome).toMatchObject({ status: 'failed', retryable, ...(isRefusal && { refusal: true }) });
    if (!isRefusal) expect(outcome).not.toHaveProperty('refusal');
    expect(outcome?.status === 'failed' ? outcome.why : '').toMatch(advice);
    expect(outcome?.status === 'failed' ? outcome.why : '').toMatch(new RegExp(`change ${NSG}: ${status} ${code}`));
  });

  test('an operation that was accepted and then failed is a failure with its own reason', async () => {
    const [outcome] = await applying(({ method }) =>
      method === 'PUT'
        ? accepted(201)
        : { body: { status: 'Failed', error: { code: 'InternalServerError', message: 'An error occurred.' } } },
    );
    expect(outcome).toMatchObject({ status: 'failed', retryable: true });
    expect(outcome?.status === 'failed' ? outcome.why : '').toContain('InternalServerError: An error occurred.');
  });

  test('a broken connection is a retryable failure', async () => {
    expect(await applying(() => ({ reset: true }))).toMatchObject([{ status: 'failed', retryable: true }]);
    expect(arm.seen).toHaveLength(3);
  });

  test.each([
    ['an etag', securityGroup({ etag: undefined })],
    ['its rules', securityGroup({ properties: {} })],
    ['its properties', securityGroup({ properties: undefined })],
    ['its id', securityGroup({ id: undefined })],
  ])('a group that was read without %s is never written', async (_, group) => {
    const [outcome] = await applying(() => ({ body: {} }), [NARROW], group);
    expect(outcome).toMatchObject({ status: 'failed', retryable: false });
    expect(arm.seen).toEqual([]);
  });

  test('at most four groups are written at a time, and all of them are', async () => {
    const ids = Array.from({ length: 11 }, (_, index) => `${NSG}-${index}`);
    const outcomes = await applying(
      () => ({ body: {} }),
      ids.map((id) => ({ ...NARROW, securityGroup: id.toLowerCase() })),
      ...ids.map((id) => securityGroup({ id })),
    );
    expect(outcomes.map(({ resource }) => resource)).toEqual(ids.map((id) => id.toLowerCase()));
    expect(arm.seen).toHaveLength(11);
  });

  test('a reason not to write, asked for directly before, keeps the group as it is', async () => {
    const turn = { ...FREE_TURN, mayWrite: async () => 'writes are halted: by Dana' };
    const outcomes = await applyingIn(turn, () => ({ body: {} }));
    expect(outcomes).toMatchObject([{ resource: NSG_KEY, status: 'stopped', why: 'writes are halted: by Dana' }]);
    expect(arm.seen).toEqual([]);
  });

  test('a turn that cannot be asked about counts as none', async () => {
    const [outcome] = await applyingIn({ ...FREE_TURN, mayWrite: noAnswer }, () => ({ body: {} }));
    expect(outcome).toMatchObject({ status: 'stopped', why: expect.stringContaining('Storage: no answer') });
    expect(arm.seen).toEqual([]);
  });

  test('every retry is asked for as well: a halt between two tries ends them', async () => {
    for (const answer of [armError(503, 'ServiceUnavailable'), armError(409, 'AnotherOperationInProgress')]) {
      let asked = 0;
      const mayWrite = async () => (++asked > 2 ? 'halted' : undefined);
      const [outcome] = await applyingIn({ ...FREE_TURN, mayWrite }, () => answer);
      expect(outcome).toMatchObject({ status: 'stopped', why: 'halted' });
      expect(arm.seen).toHaveLength(2);
      await arm.close();
    }
  });

  test('another operation on the group is waited for, and then the write goes through', async () => {
    let tries = 0;
    const [outcome] = await applying(() => {
      tries += 1;
      return tries < 3 ? armError(tries === 1 ? 409 : 429, 'RetryableErrorDueToAnotherOperation') : { body: {} };
    });
    expect(outcome).toMatchObject({
      status: 'applied',
      requestIds: expect.arrayContaining(['req-RetryableErrorDueToAnotherOperation']),
    });
    expect(tries).toBe(3);
  });

  test('when the time is over, an operation that goes on is started and no longer waited for', async () => {
    const until = new Date(NOW.getTime() + 300);
    const [outcome] = await applyingIn({ ...FREE_TURN, until }, ({ method }) =>
      method === 'PUT' ? accepted(201) : { headers: { 'retry-after': '1' }, body: { status: 'InProgress' } },
    );
    expect(outcome).toMatchObject({ status: 'started', requestIds: ['req-put'] });
  });

  test('when the time is over while ARM asks for patience, the write has failed for now and is never sent again', async () => {
    const until = new Date(NOW.getTime() + 200);
    const throttled = { ...armError(429, 'TooManyRequests'), headers: { 'retry-after': '1' } };
    const [outcome] = await applyingIn({ ...FREE_TURN, until }, () => throttled);
    expect(outcome).toMatchObject({
      status: 'failed',
      retryable: true,
      why: expect.stringContaining('TooManyRequests'),
    });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(arm.seen).toHaveLength(1);
  });

  test('a turn that is over before it begins writes nothing', async () => {
    const [outcome] = await applyingIn({ ...FREE_TURN, until: NOW }, () => ({ body: {} }));
    expect(outcome).toMatchObject({ status: 'stopped', why: expect.stringContaining('time') });
    expect(arm.seen).toEqual([]);
  });
});
