import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { assert, constant, jsonValue, oneof, property, record } from 'fast-check';
import { readChange } from '../../shared/change';

const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
const NSG = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network/networkSecurityGroups/nsg-app`;

function eventGrid(over: Record<string, unknown> = {}, data: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'e-1',
    topic: `/subscriptions/${SUBSCRIPTION}`,
    subject: NSG,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: '2026-11-23T09:00:00.6117357Z',
    data: { operationName: 'Microsoft.Network/networkSecurityGroups/write', correlationId: 'c-1', claims: {}, ...data },
    dataVersion: '2',
    metadataVersion: '1',
    ...over,
  };
}

function cloudEvent(over: Record<string, unknown> = {}): Record<string, unknown> {
  const { eventType, eventTime, topic, dataVersion: _, metadataVersion: __, ...rest } = eventGrid();
  return { ...rest, type: eventType, time: eventTime, source: topic, specversion: '1.0', ...over };
}

function problemsOf(event: unknown): readonly string[] {
  const reading = readChange(event);
  return reading.kind === 'malformed' ? reading.problems : [];
}

describe('shared/change', () => {
  test('reads the same change from both schemas', () => {
    const expected = {
      kind: 'change',
      change: {
        eventId: 'e-1',
        resourceId: NSG,
        subscriptionId: SUBSCRIPTION,
        operation: 'Microsoft.Network/networkSecurityGroups/write',
        kind: 'write',
        actor: {},
        time: '2026-11-23T09:00:00.6117357Z',
        correlationId: 'c-1',
      },
    };
    expect(readChange(eventGrid())).toEqual(expected);
    expect(readChange(cloudEvent())).toEqual(expected);
  });

  test.each([
    ['Microsoft.Resources.ResourceWriteSuccess', 'write'],
    ['Microsoft.Resources.ResourceDeleteSuccess', 'delete'],
    ['Microsoft.Resources.ResourceActionSuccess', 'action'],
    ['Microsoft.ResourceNotifications.Resources.CreatedOrUpdated', 'write'],
    ['Microsoft.ResourceNotifications.Resources.Deleted', 'delete'],
  ])('%s of a child rule is a %s', (eventType, kind) => {
    const reading = readChange(eventGrid({ eventType, subject: `${NSG}/securityRules/allow-rdp` }));
    expect(reading).toMatchObject({ kind: 'change', change: { kind, resourceId: `${NSG}/securityRules/allow-rdp` } });
  });

  test('a resource notification has no operation name, so the type and the kind make one', () => {
    const event = eventGrid({
      eventType: 'Microsoft.ResourceNotifications.Resources.Deleted',
      data: { resourceInfo: {} },
    });
    expect(readChange(event)).toMatchObject({
      change: { operation: 'Microsoft.Network/networkSecurityGroups/delete' },
    });
  });

  test.each(['Write', 'Delete', 'Action'].flatMap((what) => [`${what}Failure`, `${what}Cancel`]))(
    'Resource%s changed nothing and is ignored',
    (what) => {
      expect(readChange(eventGrid({ eventType: `Microsoft.Resources.Resource${what}` })).kind).toBe('ignored');
    },
  );

  test.each([
    ['another type of resource', { subject: NSG.replace('networkSecurityGroups', 'networkWatchers') }],
    ['a look-alike provider', { subject: NSG.replace('Microsoft.Network', 'Contoso.Network') }],
    ['diagnostics of a group', { subject: `${NSG}/providers/Microsoft.Insights/diagnosticSettings/audit` }],
    ['a resource group', { subject: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app` }],
    ['a subscription', { subject: `/subscriptions/${SUBSCRIPTION}/` }],
    ['another publisher', { eventType: 'Microsoft.Storage.BlobCreated' }],
    ['a type named like a built-in', { eventType: 'constructor' }],
  ])('ignores %s', (_, over) => {
    expect(readChange(eventGrid(over)).kind).toBe('ignored');
  });

  test.each([
    ['resourcegroups in lower case', NSG.replace('resourceGroups', 'resourcegroups')],
    ['capitals throughout', NSG.toUpperCase()],
    ['a slash at the end', `${NSG}/`],
    ['a blank behind the subscription', NSG.replace(SUBSCRIPTION, `${SUBSCRIPTION} `)],
  ])('understands %s', (_, subject) => {
    expect(readChange(eventGrid({ subject }))).toMatchObject({
      kind: 'change',
      change: { subscriptionId: SUBSCRIPTION },
    });
  });

  test('names the actor from the claims of a user', () => {
    const claims = {
      name: 'Ada Lovelace',
      'http://schemas.microsoft.com/identity/claims/objectidentifier': 'o-1',
      appid: 'a-1',
      ipaddr: '203.0.113.7',
    };
    const reading = readChange(eventGrid({}, { claims }));
    expect(reading).toMatchObject({
      change: { actor: { name: 'Ada Lovelace', objectId: 'o-1', appId: 'a-1', address: '203.0.113.7' } },
    });
  });

  test('falls back to the upn, to PascalCase evidence and to the address of the request', () => {
    const data = {
      claims: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ada@contoso.com' },
      authorization: { Scope: NSG, Action: 'x', Evidence: { PrincipalId: 'p-1' } },
      httpRequest: { clientIpAddress: '198.51.100.4' },
    };
    expect(readChange(eventGrid({}, data))).toMatchObject({
      change: { actor: { name: 'ada@contoso.com', objectId: 'p-1', address: '198.51.100.4' } },
    });
  });

  test('reads claims that were sent as JSON in a text, and bears an empty httpRequest', () => {
    const data = { claims: '{"name":"Ada"}', httpRequest: '', authorization: '{broken' };
    expect(readChange(eventGrid({}, data))).toMatchObject({ change: { actor: { name: 'Ada' } } });
    expect(readChange(eventGrid({}, { httpRequest: {}, claims: null }))).toMatchObject({ change: { actor: {} } });
  });

  test('cleans and caps what reaches people', () => {
    const claims = { name: `\u202Eeve\r\nBcc: all\u0000${'\u{1F600}'.repeat(400)}`, appid: 'x'.repeat(10_000_000) };
    const reading = readChange(eventGrid({}, { claims }));
    const actor = reading.kind === 'change' ? reading.change.actor : {};
    expect(actor.name?.startsWith('eveBcc: all')).toBe(true);
    expect(Array.from(actor.name ?? '')).toHaveLength(256);
    expect(actor.appId).toHaveLength(256);
  });

  test('names every problem at once', () => {
    expect(problemsOf({ eventType: 'Microsoft.Resources.ResourceWriteSuccess' })).toEqual([
      'id is missing and must be a text',
      'eventTime is missing and must be a text',
      'subject is missing and must be a resource id',
      'data is missing and must be an object',
    ]);
    expect(problemsOf(cloudEvent({ specversion: '0.3', time: 'soon', subject: 7, data: [] }))).toHaveLength(4);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'event'],
    ['a list', [eventGrid()]],
    ['an object without a type', {}],
    ['a type that is no text', eventGrid({ eventType: { toString: 'x' } })],
    ['an id without subscription', eventGrid({ subject: '/providers/Microsoft.Network/networkSecurityGroups/nsg' })],
    ['an empty subscription', eventGrid({ subject: NSG.replace(SUBSCRIPTION, '') })],
    ['a relative id', eventGrid({ subject: NSG.slice(1) })],
    ['half an id', eventGrid({ subject: `${NSG}/securityRules` })],
    ['control characters', eventGrid({ subject: `${NSG}\u0000` })],
    ['a mark that turns text around', eventGrid({ subject: `${NSG}\u202E` })],
    ['words dressed as a time', eventGrid({ eventTime: 'Jan 1 2026 (<at>all</at>)' })],
    ['a subject of 10 MB', eventGrid({ subject: NSG + 'a'.repeat(10_000_000) })],
    ['an event id of 10 MB', eventGrid({ id: 'a'.repeat(10_000_000) })],
  ])('%s is malformed, in few words', (_, event) => {
    const problems = problemsOf(event);
    expect(problems).toHaveLength(1);
    expect(problems.join().length).toBeLessThan(600);
  });

  test('reads nothing from a prototype and leaves none polluted', () => {
    const hostile: unknown = JSON.parse(
      '{"__proto__":{"subject":"/subscriptions/x","polluted":true},"eventType":"Microsoft.Resources.ResourceWriteSuccess"}',
    );
    expect(problemsOf(hostile)).toContain('subject is missing and must be a resource id');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('never throws, whatever JSON arrives', () => {
    const json = jsonValue({ maxDepth: 3 });
    const field = oneof(json, constant(NSG));
    const shaped = record(
      {
        id: field,
        subject: field,
        eventType: oneof(json, constant('Microsoft.Resources.ResourceWriteSuccess')),
        eventTime: field,
        data: oneof(json, record({ claims: json, authorization: json, httpRequest: json, operationName: json })),
      },
      { requiredKeys: [] },
    );
    assert(
      property(oneof(json, shaped), (event) => {
        expect(['change', 'ignored', 'malformed']).toContain(readChange(event).kind);
      }),
      { numRuns: 300 },
    );
  });

  const samples = join(__dirname, '../../../shared/events');
  const withSamples = existsSync(samples) ? describe : describe.skip;
  withSamples('on the published samples', () => {
    const files = existsSync(samples) ? readdirSync(samples).filter((name) => name.endsWith('.json')) : [];
    const read = (file: string): string => readFileSync(join(samples, file), 'utf8');

    test('all are acknowledged and ignored as they stand', () => {
      expect(files.map((file) => readChange(JSON.parse(read(file))).kind)).toEqual(files.map(() => 'ignored'));
    });

    test('with the ids of a security group or a rule, successes are changes and the rest is ignored', () => {
      for (const target of ['networkSecurityGroups/nsg-app', 'networkSecurityGroups/nsg-app/securityRules/allow-rdp']) {
        for (const file of files.filter((name) => name.startsWith('official'))) {
          const text = read(file)
            .replaceAll(/Microsoft\.Storage\/storageAccounts\/\{[\w-]+\}/g, `Microsoft.Network/${target}`)
            .replaceAll(
              /Microsoft\.EventHub\/namespaces\/\{namespace\}\/AuthorizationRules\/\w+/g,
              `Microsoft.Network/${target}`,
            );
          expect([file, readChange(JSON.parse(text)).kind]).toEqual([
            file,
            /failure|cancel/.test(file) ? 'ignored' : 'change',
          ]);
        }
      }
    });
  });
});
