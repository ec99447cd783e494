// ARM's bad days: operations that are slow or fail, throttling, stale reads, and faults that strike by a seed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt, objectAt, textAt } from '../../../playground/azure/json';
import type { Answered, Running } from './local-azure';
import { SUBSCRIPTION, asIdentity, code, estate, group, ruleBody, start } from './local-azure';

let running: Running;
const nsg = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const host = group('rg-hub', 'bastionHosts', 'bas-hub');

beforeAll(async () => {
  running = await start();
});
beforeEach(() => running.azure.reset());
afterAll(async () => await running.stop());

async function faults(value: unknown): Promise<void> {
  const answer = await running.control('POST', 'faults', value);
  expect([answer.status, answer.status === 200 ? '' : JSON.stringify(answer.body)]).toEqual([200, '']);
}

async function poll(written: Answered): Promise<unknown> {
  const url = new URL(written.headers.get('azure-asyncoperation') ?? '');
  return (await running.send('GET', url.pathname + url.search)).body;
}

/** What each path met, in order: a fault's name or a status. */
async function play(schedule: unknown, order: readonly string[]): Promise<Map<string, unknown[]>> {
  running.azure.reset();
  await faults({ schedule });
  for (const path of order) await running.send('GET', path).catch(() => undefined);
  const { body } = await running.control('GET', 'requests');
  const met = new Map<string, unknown[]>();
  for (const request of listAt({ body }, 'body')) {
    const path = textAt(request, 'path')?.split('?')[0] ?? '';
    met.set(path, [...(met.get(path) ?? []), request.fault ?? request.status]);
  }
  return met;
}

describe('operations', () => {
  const fail = { code: 'InternalServerError', message: 'Something went wrong.' };

  test('a failed one ends Failed, and so does the resource, with what was written', async () => {
    await faults({ rules: [{ match: { method: 'PUT' }, times: 1, operation: { fail } }] });
    const written = await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    expect(written.status).toBe(201);
    expect(await poll(written)).toEqual({ status: 'Failed', error: fail });
    expect(at((await running.send('GET', nsg)).body, 'properties', 'provisioningState')).toBe('Failed');
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(200);
    const events = listAt((await running.control('GET', 'state')).body, 'events', 'raised');
    expect(events).toMatchObject([
      { eventType: 'Microsoft.Resources.ResourceWriteFailure', data: { status: 'Failed' } },
    ]);
    await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    expect(at((await running.send('GET', nsg)).body, 'properties', 'provisioningState')).toBe('Succeeded');
  });

  test('a failed one may leave nothing behind', async () => {
    await faults({ rules: [{ match: { method: 'PUT' }, times: 1, operation: { fail, takesEffect: false } }] });
    await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(404);
  });

  test('the real client reports the failure of a slow one', async () => {
    await faults({ rules: [{ match: { method: 'PUT' }, times: 1, operation: { ms: 1000, fail } }] });
    const { properties } = ruleBody();
    const parameters = objectAt({ properties }, 'properties');
    const writing = running.client.securityRules.createOrUpdate('rg-app', 'nsg-app', 'r', {
      protocol: 'Tcp',
      access: 'Allow',
      direction: 'Inbound',
      ...parameters,
    });
    await expect(writing).rejects.toThrow('Something went wrong.');
  });

  test('a deletion that fails deletes nothing', async () => {
    const pip = group('rg-app', 'publicIPAddresses', 'pip-spare');
    await faults({ rules: [{ match: { method: 'DELETE' }, times: 1, operation: { fail } }] });
    const deleted = await running.send('DELETE', pip);
    expect(await poll(deleted)).toMatchObject({ status: 'Failed' });
    expect(at((await running.send('GET', pip)).body, 'properties', 'provisioningState')).toBe('Failed');
  });

  test.each([
    [409, 'AnotherOperationInProgress'],
    [429, 'RetryableError'],
  ])('a second write is refused with %i %s', async (busyStatus, expected) => {
    await faults({ busyStatus, rules: [{ match: { method: 'PUT' }, times: 1, operation: { ms: 60_000 } }] });
    await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    const second = await running.send('PUT', `${nsg}/securityRules/r2`, ruleBody({ priority: 130 }));
    expect([second.status, code(second)]).toEqual([busyStatus, expected]);
  });
});

describe('reads', () => {
  test('one read may be stale while the next is not', async () => {
    await faults({ rules: [{ match: { method: 'GET' }, times: 1, staleMs: 60_000 }] });
    await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(404);
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(200);
  });
});

describe('rate limits', () => {
  test('published buckets count down for each principal, and the headers say what is left', async () => {
    await faults({ rateLimits: true });
    const first = await running.send('GET', nsg);
    expect(first.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
    const write = await running.send('PUT', `${nsg}/securityRules/r`, ruleBody());
    expect(write.headers.get('x-ms-ratelimit-remaining-subscription-writes')).toBe('199');
    const other = await running.send('GET', nsg, undefined, asIdentity());
    expect(other.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
  });

  test('an empty bucket answers 429 with Retry-After, and fills again with time', async () => {
    await faults({ rateLimits: { reads: { size: 3, perSecond: 0.5 } } });
    for (let count = 0; count < 3; count += 1) expect((await running.send('GET', nsg)).status).toBe(200);
    const refused = await running.send('GET', nsg);
    expect([refused.status, code(refused), refused.headers.get('retry-after')]).toEqual([429, 'TooManyRequests', '2']);
    expect((await running.send('DELETE', `${nsg}/securityRules/DenyOtherPorts`)).status).toBe(202);
    await running.control('POST', 'clock', { advanceMs: 2000 });
    expect((await running.send('GET', nsg)).status).toBe(200);
  });

  test('are off by default', async () => {
    const answer = await running.send('GET', nsg);
    expect(answer.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBeNull();
  });
});

describe('a seeded schedule', () => {
  const paths = ['nsg-app', 'nsg-data'].flatMap((name) => [
    group(name === 'nsg-app' ? 'rg-app' : 'rg-data', 'networkSecurityGroups', name),
  ]);

  const kinds = ['throttled', 'throttledBare', 'serverError', 'resetBefore', 'resetAfter'];

  test('strikes the same requests again, whatever their order', async () => {
    const order = Array.from({ length: 20 }, () => paths).flat();
    const first = await play({ seed: 7, rate: 0.4, kinds }, order);
    const second = await play({ seed: 7, rate: 0.4, kinds }, order.toReversed());
    expect(second).toEqual(first);
    const struck = [...first.values()].flat().filter((each) => typeof each === 'string');
    expect(struck.length).toBeGreaterThan(5);
    expect(new Set(struck).size).toBeGreaterThan(2);
    expect(await play({ seed: 8, rate: 0.4, kinds }, order)).not.toEqual(first);
  });

  test('ends at its limit and spares what does not match', async () => {
    const order = Array.from({ length: 10 }, () => paths).flat();
    const met = await play({ seed: 1, rate: 1, kinds: ['serverError'], limit: 3, match: { path: 'nsg-app' } }, order);
    expect(met.get(paths[0] ?? '')?.filter((each) => each === 'serverError')).toHaveLength(3);
    expect(met.get(paths[1] ?? '')).toEqual(Array.from({ length: 10 }, () => expect.any(Number)));
  });

  test('writes meet only what can happen to writes, and 412 only those with a condition', async () => {
    await faults({ schedule: { seed: 3, rate: 1, kinds: ['precondition', 'stale'] } });
    expect((await running.send('PUT', `${nsg}/securityRules/r`, ruleBody())).status).toBe(201);
    const { body } = await running.send('GET', nsg);
    const headers = { 'if-match': textAt(body, 'etag') ?? '' };
    expect((await running.send('PUT', nsg, { location: 'westeurope' }, headers)).status).toBe(412);
  });

  test('an answer that is lost after the write leaves the write done', async () => {
    await faults({ schedule: { seed: 3, rate: 1, limit: 1, kinds: ['errorAfter'] } });
    expect((await running.send('PUT', `${nsg}/securityRules/r`, ruleBody())).status).toBeGreaterThanOrEqual(500);
    expect((await running.send('GET', `${nsg}/securityRules/r`)).status).toBe(200);
  });
});

describe('a Bastion host that is not there as usual', () => {
  test.each(['Updating', 'Failed'])('shows the state %s that the platform gives it', async (provisioningState) => {
    const set = await running.control('POST', 'set', { id: host, properties: { provisioningState } });
    expect(set.status).toBe(200);
    expect((await running.client.bastionHosts.get('rg-hub', 'bas-hub')).provisioningState).toBe(provisioningState);
    expect(listAt((await running.control('GET', 'state')).body, 'events', 'raised')).toEqual([]);
  });

  test('can vanish', async () => {
    await running.control('POST', 'set', { id: host, remove: true });
    expect((await running.send('GET', host)).status).toBe(404);
  });

  test('may stand in another subscription than the machines', async () => {
    const other = '5ea1ab1e-0000-4000-8000-000000000002';
    const text = JSON.stringify(estate('hub-and-spoke'));
    const moved = JSON.parse(
      text.replaceAll(`${SUBSCRIPTION}/resourceGroups/rg-hub`, `${other}/resourceGroups/rg-hub`),
    );
    await running.control('POST', 'reset', { estate: moved });
    expect(running.azure.subscriptions).toEqual([other, SUBSCRIPTION]);
    const there = host.replace(SUBSCRIPTION, other);
    expect([(await running.send('GET', there)).status, (await running.send('GET', host)).status]).toEqual([200, 404]);
    const list = async (subscription: string): Promise<number> => {
      const path = `/subscriptions/${subscription}/providers/Microsoft.Network/bastionHosts`;
      return listAt((await running.send('GET', path)).body, 'value').length;
    };
    expect([await list(other), await list(SUBSCRIPTION)]).toEqual([1, 0]);
    const address = group('rg-hub', 'publicIPAddresses', 'pip-bas-hub').replace(SUBSCRIPTION, other);
    const { body } = await running.send('GET', address);
    expect(textAt(body, 'properties', 'ipConfiguration', 'id')).toContain(`/subscriptions/${other}/`);
    await running.send('PUT', there.replace('bastionHosts/bas-hub', 'virtualNetworks/vnet-hub'), {
      location: 'westeurope',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
    });
    const raised = listAt((await running.control('GET', 'state')).body, 'events', 'raised');
    expect(raised).toMatchObject([{ topic: `/subscriptions/${other}` }]);
  });
});
