import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Cause } from '../../../shared/incident';
import type { Marks } from '../../../shared/ports';
import type { NetworkScope } from '../../../shared/scope';
import { openMarks } from '../../../shared/store/marks';
import { type Azurite, startAzurite } from '../../azurite';

let azurite: Azurite;
let scopes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function marks(): Marks {
  return openMarks({ connectionString: azurite.connectionString });
}

function freshScope(): NetworkScope {
  scopes += 1;
  return { kind: 'network', subscriptionId: `5EA1AB1E-0000-4000-8000-${String(scopes).padStart(12, '0')}` };
}

function eventCause(eventId: string, name = 'Dana'): Cause {
  const resourceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n';
  const operation = 'Microsoft.Network/networkSecurityGroups/write';
  const time = '2026-03-01T10:00:00Z';
  const actor = { name };
  return {
    kind: 'change',
    change: { eventId, resourceId, subscriptionId: 's', operation, kind: 'write', actor, time },
  };
}

function eventsOf(mark: { readonly causes: readonly Cause[] } | undefined): string[] {
  return (mark?.causes ?? []).map((cause) => (cause.kind === 'change' ? cause.change.eventId : cause.kind));
}

describe('shared/store/marks', () => {
  test('there is none until one is raised, for its scope alone', async () => {
    const scope = freshScope();
    expect(await marks().read(scope)).toBeUndefined();
    await marks().raise(scope, { kind: 'sweep' });
    expect((await marks().read(scope))?.causes).toEqual([{ kind: 'sweep' }]);
    expect(await marks().read(freshScope())).toBeUndefined();
  });

  test('raising it again moves its etag even for the same cause, and a clear under the old one is refused', async () => {
    const scope = freshScope();
    await marks().raise(scope, eventCause('e1'));
    const before = await marks().read(scope);
    await marks().raise(scope, eventCause('e1'));
    const after = await marks().read(scope);
    expect(after?.etag).not.toBe(before?.etag);
    expect(eventsOf(after)).toEqual(['e1']);
    expect(await marks().clear(scope, before?.etag ?? '')).toBe(false);
    expect(await marks().read(scope)).toEqual(after);
    expect(await marks().clear(scope, after?.etag ?? '')).toBe(true);
    expect(await marks().read(scope)).toBeUndefined();
    expect(await marks().clear(scope, after?.etag ?? '')).toBe(false);
  });

  test('a mark raised anew after it was cleared is not cleared under the etag of the old one', async () => {
    const scope = freshScope();
    await marks().raise(scope, eventCause('e1'));
    const old = await marks().read(scope);
    await marks().clear(scope, old?.etag ?? '');
    await marks().raise(scope, eventCause('e1'));
    expect(await marks().clear(scope, old?.etag ?? '')).toBe(false);
    expect(eventsOf(await marks().read(scope))).toEqual(['e1']);
  });

  test('of many who raise it at once, in one process and in several, no cause is lost', async () => {
    const scope = freshScope();
    const workers = [marks(), marks(), marks()];
    const ids = Array.from({ length: 18 }, (_, at) => `e${at}`);
    await Promise.all(ids.map((id, at) => (workers[at % workers.length] ?? marks()).raise(scope, eventCause(id))));
    expect(eventsOf(await marks().read(scope)).toSorted()).toEqual(ids.toSorted());
  });

  test('raisers and clearers at once: whatever was raised last is cleared or still there', async () => {
    const scope = freshScope();
    const cleared: string[] = [];
    async function clearSeen(): Promise<void> {
      const book = marks();
      const mark = await book.read(scope);
      if (mark && (await book.clear(scope, mark.etag))) cleared.push(...eventsOf(mark));
    }
    const ids = Array.from({ length: 12 }, (_, at) => `e${at}`);
    await Promise.all(ids.flatMap((id) => [marks().raise(scope, eventCause(id)), clearSeen()]));
    const left = eventsOf(await marks().read(scope));
    expect(new Set([...cleared, ...left])).toEqual(new Set(ids));
  });

  test('keeps the last twenty causes, oldest first, and stays below what a row holds', async () => {
    const scope = freshScope();
    for (let at = 0; at < 25; at++) await marks().raise(scope, eventCause(`e${at}`));
    expect(eventsOf(await marks().read(scope))).toEqual(Array.from({ length: 20 }, (_, at) => `e${at + 5}`));
    for (let at = 0; at < 5; at++) await marks().raise(scope, eventCause(`big${at}`, '田'.repeat(8_000)));
    expect(eventsOf(await marks().read(scope))).toEqual(['big2', 'big3', 'big4']);
    await marks().raise(scope, eventCause('huge', 'x'.repeat(40_000)));
    expect(await marks().read(scope)).toBeDefined();
  }, 20_000);

  test('a damaged row is still a mark: somebody looks, and nobody is named', async () => {
    const scope = freshScope();
    await marks().raise(scope, eventCause('e1'));
    const options = { allowInsecureConnection: true };
    const table = TableClient.fromConnectionString(azurite.connectionString, 'guardrailmarks', options);
    const keys = { partitionKey: `network-${scope.subscriptionId.toLowerCase()}`, rowKey: 'mark' };
    for (const causes of ['{', '{}', '[{"kind":"change"}]', 'null']) {
      await table.updateEntity({ ...keys, causes }, 'Replace');
      expect((await marks().read(scope))?.causes).toEqual([]);
    }
    await marks().raise(scope, { kind: 'sweep' });
    expect(eventsOf(await marks().read(scope))).toEqual(['sweep']);
  });
});
