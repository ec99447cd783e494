/** The process dies at every step of its work, and the next one finds its way: compliant, recorded, told, nothing else. */
import { describe, expect, test } from '@jest/globals';
import { adding, RDP, type Stage, stage } from './stage';

const LEASE_SECONDS = 61;

/** The process dies before its `step`th call: that one and all after it never happen. */
async function dyingAt(made: Stage, step: number, act: () => Promise<unknown>): Promise<string | undefined> {
  let count = 0;
  let diedAt: string | undefined;
  made.before = (call) => {
    count += 1;
    if (count < step) return;
    diedAt ??= call;
    throw new Error('the process is dead');
  };
  await act().catch(() => undefined);
  made.before = () => undefined;
  return diedAt;
}

/** Event Grid delivers again, the queue does what is due, and the lease of the dead has run out. */
async function recover(made: Stage): Promise<void> {
  for (let round = 0; round < 3; round++) {
    made.pass(LEASE_SECONDS + 10);
    await made.rechecks();
  }
  await made.outbox();
}

/** While the channels are told, one after the other has been told and not been noted. */
const TELLING: ReadonlySet<string | undefined> = new Set(['email.deliver', 'journal.markSent']);

interface Ending {
  readonly diedAt: string | undefined;
  readonly told: readonly number[];
}

/** Dies at every step in turn and hands each ending to `check`. */
async function everywhere(
  prepare: () => Promise<Stage>,
  check: (made: Stage, ending: Ending) => void,
): Promise<number> {
  for (let step = 1; step < 200; step++) {
    const made = await prepare();
    const diedAt = await dyingAt(made, step, () => made.event());
    if (diedAt === undefined) return step;
    await made.event({ eventId: 'event-1' }).catch(() => undefined);
    await recover(made);
    check(made, { diedAt, told: [made.teams.told.length, made.email.told.length] });
  }
  throw new Error('it never ends');
}

async function open(): Promise<Stage> {
  const made = await stage();
  made.tenant.edit('nsg-app', adding(RDP));
  return made;
}

async function openAndHalted(): Promise<Stage> {
  const made = await open();
  made.store.orders = { ...made.store.orders, halted: 'dana' };
  return made;
}

describe('a process that dies', () => {
  test('during a repair leaves nothing open, untold or half done', async () => {
    const twice: (string | undefined)[] = [];
    const steps = await everywhere(open, (made, { diedAt, told }) => {
      const { tenant, store, incidents } = made;
      const where = `died before ${diedAt}`;
      expect([where, tenant.rulesOf('nsg-app')]).toEqual([where, expect.not.arrayContaining(['allow-rdp'])]);
      expect([where, tenant.writes]).toEqual([where, ['nsg-app']]);
      expect([where, incidents().map(({ status }) => status)]).toEqual([where, ['repaired']]);
      expect([where, store.mark, store.lease]).toEqual([where, undefined, undefined]);
      expect([where, store.baseline]).toEqual([where, tenant.resources()]);
      expect([where, Math.min(...told) > 0]).toEqual([where, true]);
      if (Math.max(...told) > 1) twice.push(diedAt);
    });
    expect(steps).toBeGreaterThan(25);
    // At least once: only who dies between telling somebody and noting it makes the next one tell again.
    expect(new Set(twice)).toEqual(TELLING);
  });

  test('while it tells of what it holds does not make the next one open the same again', async () => {
    await everywhere(openAndHalted, (made, { diedAt, told }) => {
      const where = `died before ${diedAt}`;
      expect([where, made.incidents().map(({ status }) => status)]).toEqual([where, ['held']]);
      expect([where, Math.min(...told) > 0]).toEqual([where, true]);
      if (!TELLING.has(diedAt)) expect([where, told]).toEqual([where, [1, 1]]);
      expect([where, made.tenant.writes]).toEqual([where, []]);
    });
  });

  test('during an approved repair uses the approval up and no more than once', async () => {
    const policy = { controls: { 'admin-ports-only-from-bastion': 'approve' } };
    const prepare = async (): Promise<Stage> => {
      const made = await stage({ policy });
      made.tenant.edit('nsg-app', adding(RDP));
      await made.event();
      const fingerprint = made.teams.told[0]?.findings[0]?.fingerprint ?? '';
      made.store.orders = { approved: new Set([fingerprint]) };
      return made;
    };
    await everywhere(prepare, (made, { diedAt }) => {
      const where = `died before ${diedAt}`;
      expect([where, made.store.orders.approved.size]).toEqual([where, 0]);
      expect([where, made.incidents().map(({ status }) => status)]).toEqual([where, ['held', 'repaired']]);
    });
  });
});
