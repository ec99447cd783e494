import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../shared/scope';
import { openOrderBook, type PersonsOrderBook } from '../../../shared/store/order-book';
import { type Azurite, startAzurite } from '../../azurite';

const FIRST: Scope = { kind: 'network', subscriptionId: '5EA1AB1E-0000-4000-8000-000000000001' };
const SECOND: Scope = { kind: 'network', subscriptionId: '5ea1ab1e-0000-4000-8000-000000000002' };
const NOW = Date.parse('2026-03-01T10:00:00Z');
let azurite: Azurite;
let now = NOW;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function book(): PersonsOrderBook {
  return openOrderBook({ connectionString: azurite.connectionString }, () => new Date(now));
}

describe('shared/store/order-book', () => {
  test('before anybody has said anything nothing is halted and nothing approved', async () => {
    expect(await book().read(FIRST)).toEqual({ approved: new Set() });
    expect(await book().resume()).toBe(false);
    await book().useUp(FIRST, '0123456789ab');
  });

  test('a halt holds everywhere, says who and why, and ends when somebody resumes', async () => {
    await book().halt('dana', 'a migration');
    for (const scope of [FIRST, SECOND]) {
      expect((await book().read(scope)).halted).toBe('by dana at 2026-03-01T10:00:00.000Z: a migration');
    }
    await book().halt('eve', 'x'.repeat(100_000));
    expect((await book().list(FIRST)).halt).toMatchObject({ by: 'eve' });
    expect(await book().resume()).toBe(true);
    expect(await book().read(FIRST)).toEqual({ approved: new Set() });
  });

  test('an approval is for one finding of one scope, on record with who gave it, and used up once', async () => {
    await book().approve(FIRST, '0123456789ab', 'dana');
    expect((await book().read(FIRST)).approved).toEqual(new Set(['0123456789ab']));
    expect((await book().read(SECOND)).approved).toEqual(new Set());
    expect((await book().list(FIRST)).approvals).toMatchObject([
      { fingerprint: '0123456789ab', by: 'dana', at: '2026-03-01T10:00:00.000Z' },
    ]);
    await book().useUp(FIRST, '0123456789ab');
    expect((await book().read(FIRST)).approved).toEqual(new Set());
  });

  test('an approval that nobody used counts for a day', async () => {
    await book().approve(FIRST, 'aaaaaaaaaaaa', 'dana');
    now = NOW + 23 * 3600_000;
    expect((await book().read(FIRST)).approved.size).toBe(1);
    now = NOW + 24 * 3600_000;
    expect((await book().read(FIRST)).approved.size).toBe(0);
  });

  test.each(["x' or '1' eq '1", '../halt', 'a/b', ''])('refuses %j as a fingerprint', async (text) => {
    await expect(book().approve(FIRST, text, 'dana')).rejects.toThrow('is not a fingerprint');
  });
});
