import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { surroundingsOf } from '../../cli/surroundings';
import { emptyStorage } from '../../playground/fresh-storage';
import { openGuardrail } from '../../shared/compose';
import { reconcile } from '../../shared/guardrail';
import type { Incident } from '../../shared/incident';
import type { Ports } from '../../shared/ports';
import type { Scope } from '../../shared/scope';
import { type Azurite, startAzurite } from '../azurite';
import { BASTION_HOST, SUBSCRIPTION } from '../estate';
import { group, ruleBody, type Running, start } from '../playground/azure/local-azure';
import { Folder, guardrail, type Said } from './command';

const GROUP = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const SCOPE: Scope = { kind: 'network', subscriptionId: SUBSCRIPTION };
const folder = new Folder();
let azure: Running;
let storage: Azurite;

beforeAll(async () => {
  [azure, storage] = await Promise.all([start(), startAzurite()]);
}, 30_000);
beforeEach(async () => {
  await azure.control('POST', 'reset', {});
  await emptyStorage(storage.connectionString);
});
afterAll(async () => {
  await Promise.all([azure.stop(), storage.close()]);
  folder.remove();
});

type Mode = 'report' | 'approve' | 'remediate';

function environment(mode: Mode): Record<string, string> {
  const { path, header } = azure.azure.identity;
  // Nobody is subscribed to this Azure's events, which is a finding of its own.
  const controls = `controls: {admin-ports-only-from-bastion: ${mode}, guardrail-is-watching: off}`;
  const policy = folder.write(`${mode}.yaml`, `version: 1\nbastionHosts: ['${BASTION_HOST}']\n${controls}\n`);
  const identity = { IDENTITY_ENDPOINT: `${azure.server.url}${path}`, IDENTITY_HEADER: header };
  // The identity library reads these two from the process itself.
  Object.assign(process.env, identity);
  return {
    ...identity,
    GUARDRAIL_SUBSCRIPTIONS: SUBSCRIPTION,
    GUARDRAIL_POLICY: policy,
    GUARDRAIL_MODE: 'remediate',
    GUARDRAIL_ARM_ENDPOINT: azure.server.url,
    AzureWebJobsStorage: storage.connectionString,
  };
}

/** Runs commands as a person in front of an app in this mode would. */
function commands(mode: Mode): (...args: string[]) => Promise<Said> {
  const env = environment(mode);
  return (...args) => guardrail(args, { env, surroundings: { ...surroundingsOf(env), userName: () => 'dana' } });
}

async function drift(rule = 'allow-rdp'): Promise<void> {
  const answer = await azure.send('PUT', `${GROUP}/securityRules/${rule}?api-version=2026-01-01`, ruleBody());
  expect(answer.status).toBeLessThan(300);
}

let events = 0;

/** The event that Azure raises for the rule, saved to a file. */
function eventFor(rule = 'allow-rdp'): string {
  events += 1;
  return folder.write(`event-${events}.json`, {
    id: `event-${events}`,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: '2026-03-01T12:00:00Z',
    subject: `${GROUP}/securityRules/${rule}`,
    data: { operationName: 'Microsoft.Network/networkSecurityGroups/securityRules/write', claims: { name: 'Mallory' } },
  });
}

async function stored(): Promise<unknown> {
  return (await azure.send('GET', `${GROUP}?api-version=2026-01-01`)).body;
}

/** The newest incident in full. */
async function newest(command: (...args: string[]) => Promise<Said>): Promise<Incident> {
  const { incidents } = JSON.parse((await command('incidents', '--format', 'json')).out) as {
    incidents: { id: string }[];
  };
  return JSON.parse((await command('incidents', incidents[0]?.id ?? '', '--format', 'json')).out) as Incident;
}

describe('first look', () => {
  test('what is there already is reported and not repaired, until a person says so', async () => {
    const command = commands('remediate');
    await drift();
    const before = await stored();
    expect((await command('receive', eventFor())).code).toBe(1);
    expect(await stored()).toEqual(before);
    const incident = await newest(command);
    expect(incident.held.map(({ hold }) => hold.reason)).toEqual(['standing']);

    const planned = await command('plan');
    expect(planned.code).toBe(1);
    expect(planned.out).toMatch(/0 repairs, 1 held, 0 gaps\nheld \(standing\) {2}[\da-f]{12} {2}nsg-app\/allow-rdp/);

    const approved = await command('approve', incident.held[0]?.finding.fingerprint ?? '');
    expect(approved.out).toMatch(/^repaired: [\da-f]{12}: .*, incident \S+\n$/);
    expect(approved.code).toBe(0);
    expect(await newest(command)).toMatchObject({
      status: 'repaired',
      cause: { kind: 'person', command: expect.stringMatching(/^approve [\da-f]{12} by dana$/) },
    });
    expect(await command('plan')).toMatchObject({ code: 0 });
  }, 30_000);

  test('after accept, what comes is drift and is repaired; what was accepted stands', async () => {
    const command = commands('remediate');
    await drift('allow-standing');
    expect((await command('accept')).out).toContain('1 standing finding');
    await azure.send(
      'PUT',
      `${GROUP}/securityRules/allow-ssh?api-version=2026-01-01`,
      ruleBody({ priority: 111, destinationPortRange: '22' }),
    );
    const received = await command('receive', eventFor('allow-ssh'));
    expect(received.out).toMatch(/1 finding, 0 gaps, incident \S+ repaired/);
    expect(JSON.stringify(await stored())).toContain('allow-standing');
    expect((await newest(command)).held.map(({ hold }) => hold.reason)).toEqual(['standing']);
  }, 30_000);

  test('a subscription that cannot be read in full is not accepted', async () => {
    const rules = [
      { match: { method: 'GET', path: 'publicIPAddresses' }, respond: { status: 403, code: 'AuthorizationFailed' } },
    ];
    expect((await azure.control('POST', 'faults', { rules })).status).toBe(200);
    const said = await commands('remediate')('accept');
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.error).toMatch(
      /was not fully read, so it is not accepted as the baseline: .*publicIPAddresses.*permission/,
    );
  }, 30_000);
});

describe('approve', () => {
  test('in approve mode a repair waits for a person, is planned anew, and the next one waits again', async () => {
    const command = commands('approve');
    await command('accept');
    await drift();
    const before = await stored();
    expect((await command('receive', eventFor())).code).toBe(1);
    const incident = await newest(command);
    expect(incident).toMatchObject({ status: 'held', held: [{ hold: { reason: 'needs-approval' } }] });
    expect(await stored()).toEqual(before);

    const approved = JSON.parse(
      (await command('approve', incident.id, '--by', 'eve', '--format', 'json')).out,
    ) as object;
    const fingerprint = incident.held[0]?.finding.fingerprint;
    expect(approved).toMatchObject({ schemaVersion: 1, approvals: [{ fingerprint, ended: 'repaired' }] });
    expect((await newest(command)).repairs[0]?.proof.every(({ holds }) => holds)).toBe(true);

    await drift();
    expect((await command('receive', eventFor())).code).toBe(1);
    expect((await newest(command)).held[0]?.hold.reason).toBe('needs-approval');
  }, 30_000);

  test('what was mended by hand meanwhile is gone, and what nobody finds cannot be approved', async () => {
    const command = commands('approve');
    await command('accept');
    await drift();
    await command('receive', eventFor());
    const incident = await newest(command);
    await azure.send('DELETE', `${GROUP}/securityRules/allow-rdp?api-version=2026-01-01`);
    const said = await command('approve', incident.id);
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/^gone: /) });
    const unknown = await command('approve', incident.held[0]?.finding.fingerprint ?? '');
    expect(unknown).toMatchObject({ code: 2, error: expect.stringContaining('is found now') });
  }, 30_000);

  test('nothing is written down where an approval would change nothing', async () => {
    const command = commands('report');
    await command('accept');
    await drift();
    await command('receive', eventFor());
    const fingerprint = (await newest(command)).held[0]?.finding.fingerprint ?? '';
    const said = await command('approve', fingerprint);
    expect(said).toMatchObject({ code: 2, out: expect.stringMatching(/^refused: .*report-only/) });
    const open = await openGuardrail(environment('report'), () => undefined);
    expect((await open.orders.list(SCOPE)).approvals).toEqual([]);
  }, 30_000);
});

describe('halt', () => {
  test('nothing is written while it lasts, and the next look after it repairs', async () => {
    const command = commands('remediate');
    await command('accept');
    expect(await command('halt', '--why', 'a migration')).toMatchObject({ code: 0 });
    await drift();
    const before = await stored();
    expect((await command('receive', eventFor())).code).toBe(1);
    expect(await stored()).toEqual(before);
    expect((await newest(command)).held[0]?.hold).toMatchObject({
      reason: 'halted',
      detail: expect.stringMatching(/by dana at .*: a migration/),
    });
    expect((await command('plan')).out).toMatch(/writes are halted: by dana at .*: a migration/);

    expect(await command('resume')).toMatchObject({ code: 0, out: expect.stringContaining('resumed') });
    expect(await command('resume')).toMatchObject({ code: 0, out: 'There was no halt.\n' });
    expect((await command('receive', eventFor())).out).toMatch(/repaired/);
  }, 30_000);

  test('one that comes between the plan and the write stops the write', async () => {
    await commands('remediate')('accept');
    await drift();
    const before = await stored();
    const { ports, context, orders } = await openGuardrail(environment('remediate'), () => undefined);
    const halting: Ports = {
      ...ports,
      tenant: {
        ...ports.tenant,
        async apply(...write) {
          await orders.halt('dana', 'at the last moment');
          return ports.tenant.apply(...write);
        },
      },
    };
    const report = await reconcile(halting, context, SCOPE, { kind: 'sweep' }, new Date(Date.now() + 60_000));
    expect(await stored()).toEqual(before);
    expect(report.incident).toMatchObject({
      status: 'held',
      outcomes: [{ status: 'stopped', why: expect.stringContaining('at the last moment') }],
      held: [{ hold: { reason: 'halted' } }],
    });
  }, 30_000);
});

describe('plan', () => {
  test('says what would be done and how it is proven, and does nothing', async () => {
    const command = commands('remediate');
    await command('accept');
    await drift();
    const before = await stored();
    const table = await command('plan');
    expect(table.code).toBe(1);
    expect(table.out).toMatch(/1 repair, 0 held, 0 gaps\nwould repair {2}[\da-f]{12} {2}nsg-app\/allow-rdp/);
    expect(table.out).toMatch(/ {4}holds: /);
    const json = JSON.parse((await command('plan', '--format', 'json', '--subscription', SUBSCRIPTION)).out) as object;
    expect(json).toMatchObject({
      schemaVersion: 1,
      plans: [{ subscription: SUBSCRIPTION, repairs: [{ remedy: {} }], held: [] }],
    });
    expect(await stored()).toEqual(before);
    expect((await command('incidents')).out).toBe('No incidents.\n');
  }, 30_000);

  test('a subscription that is not guarded is refused', async () => {
    const other = SUBSCRIPTION.replace('5', '6');
    expect(await commands('report')('plan', '--subscription', other)).toMatchObject({ code: 2, out: '' });
  });
});
