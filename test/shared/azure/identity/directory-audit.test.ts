import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type DirectoryAudit, directoryAudit } from '../../../../shared/azure/identity/directory-audit';
import { type Answer, type ArmServer, startArm } from '../arm-server';
import {
  asApplication,
  CLIENTS,
  CONTEXTS,
  look,
  POLICIES,
  POLICY,
  shortPause,
  type SignInTenant,
  startSignIn,
} from './sign-in-tenant';

const NOW = new Date('2026-03-02T09:00:00Z');
const FREE = { mayWrite: async () => undefined, until: new Date('9999-01-01T00:00:00Z') };

describe('shared/azure/identity/directory-audit', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  function audit(ownClientId?: string): DirectoryAudit {
    return directoryAudit({
      graphEndpoint: local.url,
      credential: asApplication(CLIENTS.network),
      now: () => new Date(),
      pause: shortPause,
      ...(ownClientId !== undefined && { ownClientId }),
    });
  }

  test('tells who touched what, oldest first, and nothing twice', async () => {
    const log = audit();
    expect(await log.since(undefined)).toEqual([]);
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    await local.send('PATCH', `${CONTEXTS}/c1`, { isAvailable: false });
    const entries = await log.since(undefined);
    expect(entries.map(({ activity }) => activity.toLowerCase())).toEqual([
      'update conditional access policy',
      'update authenticationcontextclassreference',
    ]);
    expect(entries[0]).toMatchObject({
      actor: 'mallory',
      target: 'Bastion: phishing-resistant sign-in for context c1',
    });
    const mark = entries.at(-1)?.time;
    expect(await log.since(mark)).toEqual([]);
    // After a restart, too.
    expect(await audit().since(mark)).toEqual([]);
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'enabled' });
    expect(await log.since(mark)).toHaveLength(1);
  });

  test('gives an entry again as long as its look was not promised', async () => {
    const log = audit();
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    expect(await log.since(undefined)).toHaveLength(1);
    expect(await log.since(undefined)).toHaveLength(1);
  });

  test('says nothing of what the guardrail itself has written', async () => {
    await local.send('PATCH', `${POLICIES}/${POLICY}`, { state: 'disabled' });
    const enable = { kind: 'patch-conditional-access', policy: POLICY, changes: { state: 'enabled' } } as const;
    await local.tenant.apply(await look(local.tenant), [enable], FREE);
    expect(await audit().since(undefined)).toHaveLength(2);
    expect(await audit(CLIENTS.identity).since(undefined)).toMatchObject([{ actor: 'mallory' }]);
  });

  test('throws, and names what is missing, when the log cannot be read', async () => {
    const stranger = directoryAudit({
      graphEndpoint: local.url,
      credential: asApplication('another-app'),
      now: () => NOW,
      pause: shortPause,
    });
    await expect(stranger.since(undefined)).rejects.toThrow(/AuditLog\.Read\.All/);
  });
});

describe('shared/azure/identity/directory-audit, entries that come up late', () => {
  let server: ArmServer;
  let entries: readonly { readonly id: string; readonly minute: number }[] = [];

  function answer({ url }: { readonly url: string }): Answer {
    if (!decodeURIComponent(url).includes("'Conditional Access'")) return { body: { value: [] } };
    const from = Date.parse(/ge (\S+?)(?:&|$)/.exec(decodeURIComponent(url))?.[1] ?? '');
    const value = entries
      .map(({ id, minute }) => ({
        id,
        activityDisplayName: 'Update Conditional Access policy',
        activityDateTime: new Date(NOW.getTime() + minute * 60_000).toISOString(),
        initiatedBy: { user: { userPrincipalName: 'mallory' } },
        targetResources: [{ displayName: id }],
      }))
      .filter(({ activityDateTime }) => Date.parse(activityDateTime) >= from);
    return { body: { value } };
  }

  beforeAll(async () => {
    server = await startArm(answer);
  });
  afterAll(() => server.close());

  test('are found although the mark is past them, and once', async () => {
    const log = directoryAudit({
      graphEndpoint: server.origin,
      credential: asApplication(CLIENTS.network),
      now: () => NOW,
      pause: shortPause,
    });
    entries = [
      { id: 'old', minute: -90 },
      { id: 'first', minute: -10 },
    ];
    const first = await log.since(undefined);
    expect(first.map(({ id }) => id)).toEqual(['first']);
    entries = [...entries, { id: 'late', minute: -12 }];
    const late = await log.since(first.at(-1)?.time);
    expect(late.map(({ id }) => id)).toEqual(['late']);
    expect(await log.since(late.at(-1)?.time)).toEqual([]);
  });
});
