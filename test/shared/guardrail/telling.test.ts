/** Who is told what, and how often. */
import { describe, expect, test } from '@jest/globals';
import { rule, withPublicIp } from '../../estate';
import { adding, APP_GROUP, RDP, removing, stage } from './stage';

const CLOSED = 'repaired: remove nsg-app/allow-rdp, which was not there when the state was accepted';

describe('telling', () => {
  test('the repair succeeds, the alert fails, the retried event finds a healthy network: told later, once', async () => {
    const { tenant, teams, email, toldTo, event, pass } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    teams.isDown = true;
    await event();
    expect([toldTo(teams), toldTo(email)]).toEqual([[], [CLOSED]]);
    expect(tenant.rulesOf('nsg-app')).not.toContain('allow-rdp');

    teams.isDown = false;
    pass(30);
    await event();
    pass(30);
    await event();
    expect([toldTo(teams), toldTo(email)]).toEqual([[CLOSED], [CLOSED]]);
  });

  test('the outbox delivers what its own run could not', async () => {
    const { tenant, teams, toldTo, event, outbox } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    teams.isDown = true;
    await event();
    teams.isDown = false;
    await outbox();
    await outbox();
    expect(toldTo(teams)).toEqual([CLOSED]);
  });

  test('a channel that is down keeps no older alert from reaching the others', async () => {
    const { tenant, teams, email, toldTo, event, pass } = await stage();
    teams.isDown = true;
    email.isDown = true;
    for (const name of ['allow-rdp', 'allow-rdp-2']) {
      tenant.edit('nsg-app', adding({ ...RDP, name }));
      await event();
    }
    email.isDown = false;
    pass(30);
    await event();
    expect(toldTo(teams)).toEqual([]);
    expect(toldTo(email)).toHaveLength(2);
  });

  test('the intent is on record before the write, the outcome before the notice', async () => {
    const { tenant, calls, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    await event();
    const steps = [
      'journal.record',
      'tenant.apply',
      'tenant.lookAgain',
      'outbox.put',
      'journal.setKnown',
      'baselines.accept',
    ];
    const order = calls.filter((call) => steps.includes(call) || call === 'teams.deliver' || call === 'marks.clear');
    expect(order).toEqual([
      'journal.record',
      'tenant.apply',
      'tenant.lookAgain',
      'journal.record',
      'baselines.accept',
      'outbox.put',
      'marks.clear',
      'teams.deliver',
    ]);
  });

  test('a finding that is held is told once, and again when it comes back', async () => {
    const { tenant, store, teams, toldTo, event } = await stage();
    store.orders = { ...store.orders, halted: 'dana: maintenance' };
    tenant.edit('nsg-app', adding(RDP));
    await event();
    await event();
    expect(toldTo(teams)).toEqual(['held: halted']);
    tenant.edit('nsg-app', removing('allow-rdp'));
    await event();
    tenant.edit('nsg-app', adding(RDP));
    await event();
    expect(toldTo(teams)).toEqual(['held: halted', 'held: halted']);
  });

  test('the first look reports what is standing, repairs nothing, and says so once', async () => {
    const { tenant, teams, toldTo, sweep, event } = await stage({ isNew: true });
    tenant.edit('nsg-app', adding(RDP));
    await sweep();
    await event();
    await sweep();
    expect(toldTo(teams)).toEqual(['held: standing']);
    expect(tenant.writes).toEqual([]);
  });

  test('people hear again when what was latent becomes critical, and not when it is less', async () => {
    const { tenant, teams, toldTo, sweep, event, incidents } = await stage({
      policy: { controls: { 'admin-ports-only-from-bastion': 'report' } },
    });
    tenant.edit('nsg-app', adding(RDP));
    await event();
    const before = tenant.resources();
    tenant.replace((resources) => withPublicIp(resources, 'nic-vm-app-1'));
    await event();
    tenant.replace(() => [...before]);
    await sweep();
    expect(toldTo(teams)).toEqual(['held: report-only', 'held: report-only, report-only']);
    expect(incidents().map(({ findings }) => findings[0]?.severity)).toEqual(['medium', 'critical']);
  });

  test('a hold for another reason is told: a halt that ends in a refusal', async () => {
    const { tenant, store, teams, toldTo, event } = await stage();
    store.orders = { ...store.orders, halted: 'dana' };
    tenant.edit('nsg-app', adding(RDP));
    await event();
    store.orders = { approved: new Set() };
    tenant.meet = () => ({ kind: 'refused', why: 'ScopeLocked' });
    await event();
    await event();
    expect(toldTo(teams)).toEqual(['held: halted', 'held: locked']);
  });

  test('a change that is about something else is not blamed', async () => {
    const { tenant, incidents, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    await event({ resourceId: APP_GROUP.replace('rg-app', 'rg-data').replace('nsg-app', 'nsg-data') });
    expect(incidents().map(({ cause }) => cause.kind)).toEqual(['noticed']);
  });

  test('of several causes the change that is about the finding is named, and a sweep only where there is none', async () => {
    const { tenant, store, incidents, event, sweep, ports } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    await ports.marks.raise({ kind: 'network', subscriptionId: 'any' }, { kind: 'sweep' });
    await event();
    expect(incidents().map(({ cause }) => cause.kind)).toEqual(['change']);
    tenant.edit('nsg-app', adding({ ...RDP, name: 'allow-rdp-2' }));
    await sweep();
    expect(incidents()[1]?.cause).toEqual({ kind: 'sweep', missed: 1 });
    expect(store.mark).toBeUndefined();
  });

  test('a sweep counts as missed what nobody knew, not what has been told', async () => {
    const { tenant, incidents, event, sweep } = await stage({
      policy: { controls: { 'admin-ports-only-from-bastion': 'report' } },
    });
    tenant.edit('nsg-app', adding(RDP));
    await event();
    tenant.edit(
      'nsg-data',
      adding(rule('allow-ssh', 130, { sourceAddressPrefix: 'Internet', destinationPortRange: '22' })),
    );
    await sweep();
    expect(incidents()[1]?.cause).toEqual({ kind: 'sweep', missed: 1 });
  });
});
