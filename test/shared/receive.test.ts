import { describe, expect, test } from '@jest/globals';
import type { Cause } from '../../shared/incident';
import { receive, type Watch } from '../../shared/receive';
import { ownerOf, type Scope } from '../../shared/scope';
import { sweep } from '../../shared/sweep';

const GUARDED = '11111111-2222-3333-4444-555555555555';
const SECOND = '22222222-2222-3333-4444-555555555555';
const OTHER = '99999999-2222-3333-4444-555555555555';

function event(subscription: string): Record<string, unknown> {
  return {
    id: 'e-1',
    subject: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg`,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: '2026-11-23T09:00:00Z',
    data: { operationName: 'Microsoft.Network/networkSecurityGroups/write' },
  };
}

/** A guardrail that notes what it was asked; `fail` names the subscriptions it cannot reconcile. */
function watching(...fail: string[]) {
  const calls: { scope: Scope; cause: Cause }[] = [];
  const lines: string[] = [];
  const watch: Watch = {
    settings: { subscriptions: [GUARDED, SECOND] },
    reconcile: async (scope, cause) => {
      calls.push({ scope, cause });
      if (fail.includes(ownerOf(scope))) throw new Error(`no answer for ${ownerOf(scope)}`);
      return { looked: 'done', findings: [], gaps: [] };
    },
  };
  const log = (line: string): void => {
    lines.push(line);
  };
  return { calls, lines, watch, log };
}

async function brokenSettings(): Promise<Watch> {
  throw new Error('settings');
}

describe('shared/receive', () => {
  test('a change leads to a look at its subscription', async () => {
    const { calls, lines, watch, log } = watching();
    const received = await receive(event(GUARDED.toUpperCase()), async () => watch, log);
    expect(received).toMatchObject({ kind: 'reconciled', report: { findings: [] } });
    expect(calls).toMatchObject([
      { scope: { kind: 'network', subscriptionId: GUARDED }, cause: { kind: 'change', change: { eventId: 'e-1' } } },
    ]);
    expect(lines).toHaveLength(1);
  });

  test('a subscription that is not guarded is ignored, with a reason', async () => {
    const { calls, lines, watch, log } = watching();
    expect(await receive(event(OTHER), async () => watch, log)).toMatchObject({ kind: 'ignored' });
    expect(calls).toEqual([]);
    expect(lines.join()).toContain('GUARDRAIL_SUBSCRIPTIONS');
  });

  test.each([
    ['malformed', { eventType: 'Microsoft.Resources.ResourceWriteSuccess', subject: 'x\ny' }],
    ['malformed', undefined],
    ['ignored', { ...event(GUARDED), eventType: 'Microsoft.Resources.ResourceWriteFailure' }],
  ])('a %s event is acknowledged with one line, even when the settings are broken', async (kind, poison) => {
    const { lines, log } = watching();
    expect((await receive(poison, brokenSettings, log)).kind).toBe(kind);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('\n');
  });

  test('what the reconcile throws leaves, so that the event comes again', async () => {
    const { watch, log } = watching(GUARDED);
    await expect(receive(event(GUARDED), async () => watch, log)).rejects.toThrow('no answer');
  });
});

describe('shared/sweep', () => {
  test('looks at every subscription, whatever becomes of the others', async () => {
    const { calls, lines, watch, log } = watching(GUARDED);
    await expect(sweep(watch, log)).rejects.toThrow(`no answer for ${GUARDED}`);
    expect(calls.map(({ scope, cause }) => [ownerOf(scope), cause.kind])).toEqual([
      [GUARDED, 'sweep'],
      [SECOND, 'sweep'],
    ]);
    expect(lines).toHaveLength(1);
  });

  test('names every subscription that failed', async () => {
    const { watch, log } = watching(GUARDED, SECOND);
    await expect(sweep(watch, log)).rejects.toThrow(new RegExp(`${GUARDED}.*${SECOND}`));
  });
});
