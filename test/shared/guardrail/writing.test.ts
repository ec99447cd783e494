/** What is written, what happens when it cannot be, and how it ends. */
import { describe, expect, test } from '@jest/globals';
import { rule } from '../../estate';
import { adding, RDP, removing, type Stage, stage } from './stage';

const CLOSED = 'repaired: remove nsg-app/allow-rdp, which was not there when the state was accepted';
const SSH = rule('allow-ssh', 130, { sourceAddressPrefix: 'Internet', destinationPortRange: '22' });

/** Time passes and whatever waits in the queue is done. */
async function pass({ pass: wait, rechecks }: Stage, seconds: number): Promise<void> {
  for (let gone = 0; gone < seconds; gone += 5) {
    wait(5);
    await rechecks();
  }
}

/** Only the first write meets this. */
function once(meet: () => ReturnType<Stage['tenant']['meet']>): Stage['tenant']['meet'] {
  let isFirst = true;
  return () => {
    if (!isFirst) return undefined;
    isFirst = false;
    return meet();
  };
}

describe('writing', () => {
  test('a colleague writes in between: we look again, close the drift, and the edit stays', async () => {
    const { tenant, teams, toldTo, event, incidents } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    const https = rule('allow-https', 400, { sourceAddressPrefix: 'Internet', destinationPortRange: '443' });
    tenant.meet = once(() => {
      tenant.edit('nsg-app', adding(https));
      return undefined;
    });
    await event();
    expect(tenant.rulesOf('nsg-app')).toContain('allow-https');
    expect(tenant.rulesOf('nsg-app')).not.toContain('allow-rdp');
    expect(toldTo(teams)).toEqual([CLOSED]);
    expect(incidents()[0]?.outcomes.map(({ status }) => status)).toEqual(['superseded', 'applied']);
  });

  test('one group is repaired, the other is raced: the story of the first is told with the second', async () => {
    const { tenant, teams, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    tenant.edit('nsg-data', adding(SSH));
    tenant.meet = (group) => {
      if (group !== 'nsg-data') return undefined;
      tenant.meet = () => undefined;
      tenant.edit('nsg-data', (rules) => [...rules]);
      return undefined;
    };
    await event();
    expect(teams.told).toHaveLength(1);
    const titles = teams.told[0]?.repairs.map(({ remedy }) => remedy.title);
    expect(titles).toEqual([
      'remove nsg-app/allow-rdp, which was not there when the state was accepted',
      'remove nsg-data/allow-ssh, which was not there when the state was accepted',
    ]);
    expect(teams.told[0]?.findings).toHaveLength(2);
  });

  test('a colleague puts another hole in its place: the first is nobody’s repair', async () => {
    const { tenant, store, teams, toldTo, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = once(() => {
      tenant.edit('nsg-app', (rules) => [...removing('allow-rdp')(rules), SSH]);
      store.orders = { ...store.orders, halted: 'dana' };
      return undefined;
    });
    await event();
    expect(toldTo(teams)).toEqual(['held: halted']);
    expect(teams.told[0]?.findings).toHaveLength(1);
  });

  test('a halt between plan and write is kept', async () => {
    const made = await stage();
    const { tenant, store, teams, toldTo, event } = made;
    tenant.edit('nsg-app', adding(RDP));
    made.before = (call) => {
      if (call === 'tenant.apply') store.orders = { ...store.orders, halted: 'dana' };
    };
    await event();
    expect(tenant.writes).toEqual([]);
    expect(toldTo(teams)).toEqual(['held: halted']);
  });

  test('Azure refuses a remedy: the next proven candidate is taken', async () => {
    const { tenant, teams, event } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = once(() => ({ kind: 'refused', why: 'RequestDisallowedByPolicy' }));
    await event();
    const [repair] = teams.told[0]?.repairs ?? [];
    expect(repair?.remedy.kind).toBe('contain');
    // The revert and the repair are the same write here, and nobody tries it twice.
    expect(repair?.rejected).toEqual(
      ['remove nsg-app/allow-rdp, which was not there when the state was accepted', 'remove nsg-app/allow-rdp'].map(
        (title) => ({ title, why: 'Azure refused it: RequestDisallowedByPolicy' }),
      ),
    );
  });

  test('Azure refuses all of them: held as locked, told once, tried at every look', async () => {
    const { tenant, teams, toldTo, event, incidents } = await stage();
    tenant.edit('nsg-app', adding(RDP));
    let tries = 0;
    tenant.meet = () => {
      tries += 1;
      return { kind: 'refused', why: 'ScopeLocked' };
    };
    await event();
    await event();
    expect(toldTo(teams)).toEqual(['held: locked']);
    expect(incidents()).toHaveLength(2);
    expect(tries).toBe(4);
  });

  test('a write that goes on without us is looked at again and closed as repaired', async () => {
    const all = await stage();
    const { tenant, teams, toldTo, event, incidents } = all;
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = once(() => ({ kind: 'started' }));
    const { looked } = await event();
    expect([looked, incidents()[0]?.status, toldTo(teams)]).toEqual(['later', 'open', []]);
    tenant.edit('nsg-app', removing('allow-rdp'));
    await pass(all, 10);
    expect(toldTo(teams)).toEqual([CLOSED]);
    expect(incidents()[0]?.outcomes.map(({ status }) => status)).toEqual(['started']);
  });

  test('passing trouble keeps the incident open and silent for two minutes, then it is told as failed', async () => {
    const all = await stage();
    const { tenant, teams, toldTo, event, incidents } = all;
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = () => ({ kind: 'fails', why: '429 from ARM' });
    await expect(event()).rejects.toThrow('429 from ARM');
    await pass(all, 90);
    expect([toldTo(teams), incidents()[0]?.status]).toEqual([[], 'open']);
    await pass(all, 90);
    expect(toldTo(teams)).toEqual([
      'failed: remove nsg-app/allow-rdp, which was not there when the state was accepted',
    ]);
    expect(incidents()).toHaveLength(1);
  });

  test('what cannot be repaired is tried at every sweep, and told once until it works', async () => {
    const all = await stage();
    const { tenant, teams, toldTo, event, sweep } = all;
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = () => ({ kind: 'fails', why: '500' });
    await expect(event()).rejects.toThrow('500');
    await pass(all, 200);
    await expect(sweep()).rejects.toThrow('500');
    await pass(all, 200);
    expect(toldTo(teams)).toEqual([
      'failed: remove nsg-app/allow-rdp, which was not there when the state was accepted',
    ]);
    tenant.meet = () => undefined;
    await sweep();
    expect(toldTo(teams)).toEqual([
      'failed: remove nsg-app/allow-rdp, which was not there when the state was accepted',
      CLOSED,
    ]);
  });

  test('a write whose answer was lost is found out by the next look', async () => {
    const all = await stage();
    const { tenant, teams, toldTo, event } = all;
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = once(() => ({ kind: 'lost answer' }));
    await event();
    expect(toldTo(teams)).toEqual([CLOSED]);
    expect(tenant.writes).toEqual(['nsg-app']);
  });

  test('a stale read after the write is no failure: the next look sees it', async () => {
    const all = await stage();
    const { tenant, teams, toldTo, event } = all;
    tenant.edit('nsg-app', adding(RDP));
    tenant.stale = [...tenant.resources()];
    const { looked } = await event();
    expect([looked, toldTo(teams)]).toEqual(['later', []]);
    tenant.stale = undefined;
    await pass(all, 10);
    expect(toldTo(teams)).toEqual([CLOSED]);
  });

  test('nothing is called repaired while the network cannot be read', async () => {
    const all = await stage();
    const { tenant, teams, toldTo, event, incidents } = all;
    tenant.edit('nsg-app', adding(RDP));
    tenant.meet = once(() => ({ kind: 'started' }));
    await event();
    tenant.blind = Object.assign(new Error('AuthorizationFailed'), { retryable: false });
    await pass(all, 60);
    expect([toldTo(teams), incidents()[0]?.status]).toEqual([[], 'open']);
    await pass(all, 120);
    expect(toldTo(teams)).toEqual([
      'failed: remove nsg-app/allow-rdp, which was not there when the state was accepted',
    ]);
    expect(teams.told[0]?.gaps.map(({ what }) => what)).toEqual(['not-read']);
  });

  test('the brake holds a resource that was repaired three times within the hour', async () => {
    const { tenant, teams, toldTo, event, pass: wait } = await stage();
    for (let count = 0; count < 4; count++) {
      tenant.edit('nsg-app', adding(RDP));
      await event();
      wait(60);
    }
    expect(toldTo(teams)).toEqual([CLOSED, CLOSED, CLOSED, 'held: breaker-open']);
    wait(3600);
    await event();
    expect(toldTo(teams).at(-1)).toBe(CLOSED);
  });

  test('the brake holds everything after twenty writes in ten minutes', async () => {
    const { tenant, store, ports, teams, toldTo, event, pass: wait } = await stage();
    const at = ports.now().toISOString();
    store.writes = Array.from({ length: 20 }, (_, index) => ({ resource: `/groups/${index}`, at }));
    tenant.edit('nsg-app', adding(RDP));
    await event();
    expect(toldTo(teams)).toEqual(['held: breaker-open']);
    wait(601);
    await event();
    expect(toldTo(teams)).toEqual(['held: breaker-open', CLOSED]);
  });

  test('an approval is good for one repair', async () => {
    const { tenant, store, teams, toldTo, event } = await stage({
      policy: { controls: { 'admin-ports-only-from-bastion': 'approve' } },
    });
    tenant.edit('nsg-app', adding(RDP));
    await event();
    const fingerprint = teams.told[0]?.findings[0]?.fingerprint ?? '';
    store.orders = { approved: new Set([fingerprint]) };
    await event();
    expect(store.orders.approved.size).toBe(0);
    tenant.edit('nsg-app', adding(RDP));
    await event();
    expect(toldTo(teams)).toEqual(['held: needs-approval', CLOSED, 'held: needs-approval']);
  });

  test('nothing is written once the lease may be somebody else’s, and nothing is put on record', async () => {
    const made = await stage();
    const { tenant, store, teams, toldTo, event } = made;
    tenant.edit('nsg-app', adding(RDP));
    made.before = (call) => {
      if (call === 'tenant.observe') made.pass(55);
    };
    await expect(event()).rejects.toThrow('the lease was lost');
    expect([tenant.writes, store.incidents.size, toldTo(teams)]).toEqual([[], 0, []]);
    expect(store.mark).toBeDefined();
  });
});
