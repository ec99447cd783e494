/** One drift by every road that leads to a security group, and events that come twice, late, out of order or not at all. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { at, isObject, listAt, textAt } from '../../playground/json';
import { decide } from '../../playground/stories/packet';
import { ruleLines, withProperties } from '../../playground/stories/rules';
import { addresses, inboundRule, nsgApp, virtualNetwork } from '../../playground/stories/scene';
import { byId, type GuardedEstate, lasting, startGuarded } from './guarded-estate';

// Every test waits for a whole playground to come to rest, on whatever machine it runs.
jest.setTimeout(30_000);

const rdp = { access: 'Allow', priority: 120, sourceAddressPrefix: 'Internet', destinationPortRange: '3389' };
const outside = [...addresses.internet, addresses.neighbour, addresses.hub];

describe('a drift of a security group at the wire', () => {
  let guarded: GuardedEstate;
  let clean: unknown;
  let isFresh = true;

  beforeAll(async () => {
    guarded = await startGuarded();
    clean = byId(await guarded.resources(), nsgApp);
  });
  beforeEach(async () => {
    if (!isFresh) await guarded.reset();
    isFresh = false;
  });
  afterEach(async () => {
    await guarded.control('POST', 'faults', {});
  });
  afterAll(() => guarded.playground.close());

  async function change(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await guarded.asPerson('Dana Ops', method, `${nsgApp}${path}`, body);
    if (answer.status >= 300) throw new Error(`ARM refused: ${JSON.stringify(answer.body)}`);
  }

  async function group(): Promise<unknown> {
    return byId(await guarded.resources(), nsgApp);
  }

  async function expectClosed(): Promise<void> {
    const now = await group();
    const open = [22, 3389].flatMap((port) =>
      outside.filter((source) => decide(now, { source, destination: addresses.vm, port }, virtualNetwork).allowed),
    );
    expect(open).toEqual([]);
    const cutOff = addresses.bastion.filter(
      (source) => !decide(now, { source, destination: addresses.vm, port: 3389 }, virtualNetwork).allowed,
    );
    expect(cutOff).toEqual([]);
  }

  function expectTold(times: number): void {
    const { teams, mail } = guarded.playground.inbox();
    expect({ teams: teams.length, mail: mail.length }).toEqual({ teams: times, mail: times });
  }

  function withRules(edit: (rules: readonly unknown[]) => readonly unknown[]): object {
    return withProperties(clean, { securityRules: edit(listAt(clean, 'properties', 'securityRules')) });
  }

  test.each([
    ['a PUT of a rule', 'PUT', '/securityRules/allow-rdp', (): unknown => ({ properties: inboundRule(rdp) })],
    [
      'a PUT of the group',
      'PUT',
      '',
      (): unknown => withRules((rules) => [...rules, { name: 'allow-rdp', properties: inboundRule(rdp) }]),
    ],
    ['a DELETE of DenyOtherPorts', 'DELETE', '/securityRules/DenyOtherPorts', (): unknown => undefined],
    [
      'a PUT of the group without DenyOtherPorts',
      'PUT',
      '',
      (): unknown => withRules((rules) => rules.filter((rule) => !isDeny(rule))),
    ],
    [
      'a PUT that turns DenyOtherPorts into an Allow',
      'PUT',
      '/securityRules/DenyOtherPorts',
      (): unknown => ({
        properties: inboundRule({
          access: 'Allow',
          priority: 4000,
          sourceAddressPrefix: '*',
          destinationPortRange: '*',
        }),
      }),
    ],
    [
      'a PUT that lets everybody in with Bastion',
      'PUT',
      '/securityRules/allow-ssh-rdp-from-bastion',
      (): unknown => ({
        properties: inboundRule({
          access: 'Allow',
          priority: 200,
          sourceAddressPrefixes: ['10.0.1.0/26', '0.0.0.0/1', '128.0.0.0/1'],
          destinationPortRanges: ['22', '3389'],
        }),
      }),
    ],
  ])('%s is found, closed with one write, and told once', async (_, method, path, body) => {
    await change(method, path, body());
    await guarded.rest();
    await expectClosed();
    expect(guarded.writesByApp().map(({ method: verb, status }) => [verb, status < 300])).toEqual([['PUT', true]]);
    expectTold(1);
    expect(guarded.playground.inbox().teams[0]?.text).toContain('Dana Ops');
    expect((await guarded.incidents()).map(({ status }) => status)).toEqual(['repaired']);
  });

  test('DenyOtherPorts is put back word for word when it was deleted', async () => {
    await change('DELETE', '/securityRules/DenyOtherPorts');
    await guarded.rest();
    expect(ruleLines(await group())).toEqual(ruleLines(clean));
  });

  test('a group that ARM does not let go of raises no event and no look', async () => {
    const answer = await guarded.asPerson('Dana Ops', 'DELETE', nsgApp);
    await guarded.rest();
    expect(answer.status).toBe(400);
    expect(lasting(await group())).toEqual(lasting(clean));
    expectTold(0);
  });

  test('two drifts whose events come in triplicate and out of order end as if each had come once', async () => {
    await guarded.control('POST', 'faults', { events: { duplicate: 3, delayMs: [0, 150] } });
    await change('PUT', '/securityRules/allow-rdp', { properties: inboundRule(rdp) });
    await change('PUT', '/securityRules/allow-ssh', {
      properties: inboundRule({ ...rdp, priority: 121, destinationPortRange: '22' }),
    });
    await guarded.rest();
    await expectClosed();
    const writes = guarded.writesByApp();
    const told = guarded.playground.inbox().teams.length;
    expect(writes.filter(({ status }) => status < 300).length).toBeLessThanOrEqual(2);
    expect(told).toBe((await guarded.incidents()).length);

    const raised = listAt(await guarded.control('GET', 'state'), 'events', 'raised').toReversed();
    expect(raised.length).toBeGreaterThan(2);
    const before = lasting(await group());
    for (const event of raised) expect(await guarded.postEvents(JSON.stringify([event]))).toBe(202);
    expect(await guarded.postEvents(JSON.stringify(raised))).toBe(202);
    await guarded.rest();
    expect(lasting(await group())).toEqual(before);
    expect(guarded.writesByApp()).toHaveLength(writes.length);
    expectTold(told);
  });

  test('an event about a rule that is gone again is a look at what there is', async () => {
    await guarded.control('POST', 'faults', { events: { delayMs: 150 } });
    await change('PUT', '/securityRules/allow-rdp', { properties: inboundRule(rdp) });
    await change('DELETE', '/securityRules/allow-rdp');
    await guarded.rest();
    expect(lasting(await group())).toEqual(lasting(clean));
    expect(guarded.writesByApp()).toEqual([]);
    expectTold(0);
  });

  test('a drift whose event is lost is repaired by the sweep, which names nobody', async () => {
    await guarded.control('POST', 'faults', { events: { drop: 1 } });
    await change('PUT', '/securityRules/allow-rdp', { properties: inboundRule(rdp) });
    await guarded.rest();
    expect(guarded.writesByApp()).toEqual([]);
    await guarded.sweep();
    await expectClosed();
    expectTold(1);
    expect(guarded.playground.inbox().teams[0]?.text).not.toContain('Dana Ops');
  });

  test('properties that no model knows survive the repair', async () => {
    const odd = { quarantine: { level: 3 } };
    const [first, ...others] = listAt(clean, 'properties', 'securityRules').filter(isObject);
    await change('PUT', '', {
      ...withProperties(clean, { ...odd, securityRules: [withProperties(first, odd), ...others] }),
      ...odd,
    });
    await guarded.rest();
    await change('PUT', '/securityRules/allow-rdp', { properties: inboundRule(rdp) });
    await guarded.rest();
    expect(guarded.writesByApp()).toHaveLength(1);
    const now = await group();
    expect(now).toMatchObject({ ...odd, properties: odd });
    expect(at(now, 'properties', 'securityRules', 0, 'properties')).toMatchObject(odd);
  });
});

function isDeny(rule: unknown): boolean {
  return textAt(rule, 'name') === 'DenyOtherPorts';
}
