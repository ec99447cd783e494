import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, listAt } from '../../playground/json';
import { type Playground, startPlayground } from '../../playground/playground';
import { stories } from '../../playground/stories';
import { inboundRule, nsgApp } from '../../playground/stories/scene';
import { createStage } from '../../playground/stories/stage';
import { bundleHost } from './host/sample-host';

describe('a playground with a stand-in for the guardrail', () => {
  let script: string;
  let playground: Playground;
  let isFresh = true;

  beforeAll(async () => {
    script = bundleHost();
    playground = await startPlayground({ app: join(__dirname, 'stand-in'), hostScript: script });
  }, 60_000);
  beforeEach(async () => {
    if (!isFresh) await playground.reset();
    isFresh = false;
  });
  afterAll(async () => {
    await playground.close();
    rmSync(script);
  });

  function control(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${playground.endpoints.control}${path}`, init);
  }

  function stage(): ReturnType<typeof createStage> {
    return createStage(playground, { print: () => {}, say: () => {}, wantsDetail: false });
  }

  function openRdp(): Promise<unknown> {
    const properties = inboundRule({
      access: 'Allow',
      priority: 120,
      sourceAddressPrefix: '*',
      destinationPortRange: '3389',
    });
    return stage().put('Dana Ops', `${nsgApp}/securityRules/allow-rdp`, { properties });
  }

  test('the endpoints are on loopback, ARM and Graph on one origin, and the CA is a file', () => {
    const { endpoints } = playground;
    expect(endpoints.arm).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(endpoints.graph).toBe(endpoints.arm);
    expect(endpoints.console).toBe(`${endpoints.functions}/api/console`);
    expect(endpoints.subscription).toBe('5ea1ab1e-0000-4000-8000-000000000001');
    expect(readFileSync(endpoints.tlsCa, 'utf8')).toContain('BEGIN CERTIFICATE');
  });

  test('the first look has run before the playground is ready', () => {
    const runs = playground.runs();
    expect(new Set(runs.map(({ name }) => name))).toEqual(new Set(['reconcileIdentity', 'reconcileNetwork']));
    expect(runs.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test('idle answers after the change, the repair, the event of the repair and the alert', async () => {
    await openRdp();
    const answer = await control('/idle');
    expect([answer.status, await answer.json()]).toEqual([200, { idle: true, waitedMs: expect.any(Number) }]);
    expect(playground.runs().filter((run) => run.name === 'nsgChanged')).toHaveLength(2);
    expect(await (await control('/inbox')).json()).toMatchObject({
      teams: [{}],
      mail: [{ to: ['security@playground.example'] }],
    });
  });

  test('idle answers 504 with what is still busy when time is up', async () => {
    const faults = await control('/faults', {
      method: 'POST',
      body: '{"teams":{"status":503,"times":9},"pageSize":7}',
    });
    expect(await faults.json()).toMatchObject({ faults: { teams: { status: 503, times: 9 }, pageSize: 7 } });
    await openRdp();
    const answer = await control('/idle?timeoutMs=700');
    expect(answer.status).toBe(504);
    const busy = listAt(await answer.json(), 'busy');
    expect(busy.join()).toContain('guardrail-alerts');
    await control('/faults', { method: 'POST', body: '{}' });
    expect((await control('/idle')).status).toBe(200);
    expect(playground.inbox().teams).toHaveLength(1);
  });

  test.each([
    ['/idle?timeoutMs=soon', 'GET', undefined, 'timeoutMs is not a number'],
    ['/faults', 'POST', '{', 'not a JSON object'],
    ['/faults', 'POST', '{"teams":{"status":"all"}}', 'teams.status is not a number'],
    ['/faults', 'POST', '{"smtp":{"status":451},"nonsense":1}', 'nonsense'],
  ])('%s refuses %s %s with one message', async (path, method, body, message) => {
    const answer = await control(path, { method, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain(message);
  });

  test('the person who changed something and the app that repaired it are told apart', async () => {
    await openRdp();
    await playground.idle();
    expect(playground.writes().map(({ byApp, method }) => [byApp, method])).toEqual([
      [false, 'PUT'],
      [true, 'PUT'],
    ]);
    expect(playground.writes()[0]?.actor).toBe('Dana Ops');
  });

  test('a reset brings back the estate, an empty inbox and the first look', async () => {
    await openRdp();
    await playground.idle();
    await playground.reset();
    expect(playground.inbox()).toEqual({ teams: [], mail: [] });
    expect(playground.writes()).toEqual([]);
    const rules = listAt(await stage().get(nsgApp), 'properties', 'securityRules').map((rule) => at(rule, 'name'));
    expect(rules).toEqual(['allow-ssh-rdp-from-bastion', 'allow-https-from-vnet', 'DenyOtherPorts']);
  });

  test('a reset ends what an alert that cannot be delivered would keep busy', async () => {
    await control('/faults', { method: 'POST', body: '{"teams":{"status":503,"times":99}}' });
    await openRdp();
    expect((await playground.idle(500)).idle).toBe(false);
    await playground.reset();
    expect((await playground.idle(1000)).idle).toBe(true);
    expect(playground.inbox().teams).toEqual([]);
  });

  test('a host that was killed is not idle, and is again once it is back', async () => {
    await playground.host.kill('SIGKILL');
    expect((await playground.idle(300)).idle).toBe(false);
    await playground.host.restart();
    expect((await playground.idle()).idle).toBe(true);
  });

  const easy = new Set(['ssh-from-two-halves', 'rdp-from-virtual-network', 'https-left-alone']);
  test.each(stories.filter(({ name }) => easy.has(name)).map((story) => [story.title, story] as const))(
    'the story "%s" ends as it should',
    async (_, story) => {
      const played = stage();
      await story.play(played);
      expect(played.checks().filter((check) => !check.holds)).toEqual([]);
      expect(played.checks().length).toBeGreaterThan(5);
    },
  );
});
