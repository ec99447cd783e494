/** What is remembered between looks: what has been told, what counts as accepted, and what was left undone. */
import { describe, expect, test } from '@jest/globals';
import type { Gap } from '../../../shared/network/network';
import { rule } from '../../estate';
import { adding, lineOf, RDP, removing, SCOPE, stage } from './stage';

const CLOSED = 'repaired: remove nsg-app/allow-rdp, which was not there when the state was accepted';
const REPORT = { controls: { 'admin-ports-only-from-bastion': 'report' } };
const UNREAD: Gap = { resource: '/lists/interfaces', what: 'not-read', why: 'Forbidden', touchesAdminPort: true };

describe('memory', () => {
  test('a gap is told once', async () => {
    const { tenant, teams, toldTo, event, sweep } = await stage();
    tenant.gaps = [UNREAD];
    await event();
    await sweep();
    await event();
    expect(toldTo(teams)).toEqual(['held: not-read']);
  });

  test('a scope that must not be read is a gap, and passing trouble is an error', async () => {
    const { tenant, teams, toldTo, event } = await stage();
    tenant.blind = Object.assign(new Error('AuthorizationFailed'), { retryable: false });
    await event();
    await event();
    expect(toldTo(teams)).toEqual(['held: not-read']);
    tenant.blind = Object.assign(new Error('503'), { retryable: true });
    await expect(event()).rejects.toThrow('503');
  });

  test('nothing is forgotten on an incomplete read', async () => {
    const { tenant, teams, toldTo, event } = await stage({ policy: REPORT });
    tenant.edit('nsg-app', adding(RDP));
    await event();
    tenant.blind = Object.assign(new Error('AuthorizationFailed'), { retryable: false });
    await event();
    tenant.blind = undefined;
    await event();
    expect(toldTo(teams)).toEqual(['held: report-only', 'held: not-read']);
  });

  test('dead letters are a gap that is told once, whatever looks in between', async () => {
    const { tenant, store, teams, toldTo, event, sweep } = await stage();
    store.deadLetters = { events: 3, reasons: ['MaxDeliveryAttemptsExceeded'] };
    await event();
    expect(toldTo(teams)).toEqual([]);
    await sweep();
    tenant.edit('nsg-data', (rules) => [...rules]);
    await event();
    await sweep();
    expect(toldTo(teams)).toEqual(['held: dead-letters']);
    expect(teams.told[0]?.gaps[0]?.why).toContain('gave up on 3 events (MaxDeliveryAttemptsExceeded)');
  });

  test('dead letters that cannot be counted keep nobody from looking', async () => {
    const { tenant, store, teams, toldTo, sweep } = await stage();
    store.deadLetters = new Error('AuthorizationPermissionMismatch');
    tenant.edit('nsg-app', adding(RDP));
    await sweep();
    await sweep();
    expect(toldTo(teams)).toEqual([CLOSED]);
    expect(teams.told[0]?.gaps.map(({ what }) => what)).toEqual(['dead-letters-not-read']);
  });

  test('the baseline moves with what is harmless and not while drift is left', async () => {
    const { tenant, store, event } = await stage();
    tenant.edit('nsg-data', adding(rule('allow-https', 400, { destinationPortRange: '443' })));
    await event();
    expect(store.baseline).toBe(tenant.resources());
    const accepted = store.baseline;
    store.orders = { ...store.orders, halted: 'dana' };
    tenant.edit('nsg-app', adding(RDP));
    await event();
    expect(store.baseline).toBe(accepted);
    tenant.edit('nsg-app', removing('allow-rdp'));
    await event();
    expect(store.baseline).toBe(tenant.resources());
  });

  test('the baseline never moves on an incomplete read', async () => {
    const { tenant, store, event } = await stage();
    const accepted = store.baseline;
    tenant.gaps = [UNREAD];
    tenant.edit('nsg-data', adding(rule('allow-https', 400, { destinationPortRange: '443' })));
    await event();
    expect(store.baseline).toBe(accepted);
  });

  test('what somebody left half done is taken up, closed and told', async () => {
    const { tenant, store, teams, toldTo, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    await event();
    const [done] = store.incidents.values();
    if (!done) throw new Error('there is no incident');
    store.incidents.set('left', { ...done, id: 'left', status: 'open', fence: 1 });
    await event();
    expect(store.incidents.get('left')?.status).toBe('repaired');
    expect(toldTo(teams)).toEqual([CLOSED, CLOSED]);
  });

  test('two that were left half done are both closed', async () => {
    const { tenant, store, event, pass, rechecks } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    await event();
    const [done] = store.incidents.values();
    if (!done) throw new Error('there is no incident');
    for (const id of ['left-1', 'left-2']) store.incidents.set(id, { ...done, id, status: 'open', fence: 1 });
    await event();
    pass(10);
    await rechecks();
    expect([...store.incidents.values()].map(lineOf)).toEqual([CLOSED, CLOSED, CLOSED]);
  });

  test('a repair left half done is told, although only something else is found now', async () => {
    const { tenant, store, teams, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    await event();
    const [done] = store.incidents.values();
    if (!done) throw new Error('there is no incident');
    store.incidents.set('left', { ...done, id: 'left', status: 'open', fence: 1 });
    store.orders = { ...store.orders, halted: 'dana' };
    tenant.edit(
      'nsg-data',
      adding(rule('allow-ssh', 130, { sourceAddressPrefix: 'Internet', destinationPortRange: '22' })),
    );
    await event();
    expect(teams.told.map(lineOf)).toEqual([CLOSED, `${CLOSED}, halted`]);
  });

  test('a recheck that cannot even read the mark puts itself back', async () => {
    const made = await stage();
    made.store.rechecks = [made.ports.now().getTime()];
    made.before = (call) => {
      if (call === 'marks.read') throw new Error('the table does not answer');
    };
    await made.rechecks();
    expect(made.store.rechecks).toHaveLength(1);
  });

  test('two events for one scope are one look when somebody is at it already', async () => {
    const { tenant, ports, teams, toldTo, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    const lease = await ports.leases.acquire(SCOPE);
    expect((await event()).looked).toBe('busy');
    await lease?.release();
    expect((await event()).looked).toBe('done');
    expect(toldTo(teams)).toEqual([CLOSED]);
  });
});
