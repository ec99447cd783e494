/** Bodies that anybody who finds the webhook could post, and texts that are meant to be more than text. */
import { nsgApp, subscription } from '../../playground/stories/scene';

const megabyte = 'A'.repeat(1_000_000);
/** Starts a mail header, moves a terminal's cursor, and speaks HTML, Markdown, Teams and right-to-left. */
export const hostile =
  'Eve\r\nBcc: everyone@example.com\r\n\r\n\u001B[2J\u001B[31m<img src=x onerror=alert(1)> <at>General</at> ' +
  '[click here](https://evil.example) **bold** {{DATE(2026-01-01T00:00:00Z)}} \u202Egpj.exe\u200B\u0000';

/** An event as Azure raises it about nsg-app, changed as wished. */
export function event(
  changes: Record<string, unknown> = {},
  data: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: '4c1bd10a-4a50-4a7b-8f2c-000000000001',
    topic: `/subscriptions/${subscription}`,
    subject: nsgApp,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: '2026-11-23T10:00:00.0000000Z',
    dataVersion: '2',
    metadataVersion: '1',
    data: {
      authorization: { scope: nsgApp, action: 'Microsoft.Network/networkSecurityGroups/write', evidence: {} },
      claims: { name: 'Dana Ops', appid: '04b07795-8ddb-461a-bbee-02f9e1bf7b46' },
      operationName: 'Microsoft.Network/networkSecurityGroups/write',
      resourceProvider: 'Microsoft.Network',
      resourceUri: nsgApp,
      status: 'Succeeded',
      subscriptionId: subscription,
      tenantId: '7e4a47aa-0000-4000-8000-000000000007',
      ...data,
    },
    ...changes,
  };
}

function nested(depth: number): string {
  return `[{"eventType":"Microsoft.Resources.ResourceWriteSuccess","data":${'['.repeat(depth)}${']'.repeat(depth)}}]`;
}

/** The same group in a subscription that nobody guards. */
export const foreign = nsgApp.replace(subscription, '99999999-0000-4000-8000-000000000009');

/** Each with what it is. None is about a drift. */
export const hostileBodies: readonly (readonly [string, string])[] = [
  ['half a JSON text', '[{"id":'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list of anything but events', '[[],1,"x",null,true]'],
  ['an empty list', '[]'],
  ['objects without anything', JSON.stringify([{}, { eventType: 5 }, { eventType: '' }, { data: [] }])],
  ['an event type and nothing else', JSON.stringify([{ eventType: 'Microsoft.Resources.ResourceWriteSuccess' }])],
  [
    'every field the wrong type',
    JSON.stringify([event({ id: 7, subject: {}, eventTime: [], data: 'x', topic: null })]),
  ],
  ['a megabyte in every field', JSON.stringify([event({ id: megabyte, subject: megabyte, eventTime: megabyte })])],
  ['a megabyte in an event type', JSON.stringify([event({ eventType: megabyte })])],
  [
    'a megabyte as the name of the actor',
    JSON.stringify([event({}, { claims: { name: megabyte, ipaddr: megabyte } })]),
  ],
  [
    'a hundred thousand fields',
    JSON.stringify([event(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`f${n}`, n])))]),
  ],
  ['a thousand levels of nesting', nested(1000)],
  [
    'keys of prototypes',
    '[{"__proto__":{"eventType":"Microsoft.Resources.ResourceWriteSuccess"},"constructor":{"prototype":{}}}]',
  ],
  [
    'another subscription',
    JSON.stringify([event({ subject: foreign }, { subscriptionId: 'x', resourceUri: foreign })]),
  ],
  [
    'a subject with line breaks and terminal codes',
    JSON.stringify([event({ subject: `${nsgApp}\r\n\u001B[2J${hostile}` })]),
  ],
  ['a subject that climbs', JSON.stringify([event({ subject: `${nsgApp}/../../../../../subscriptions` })])],
  [
    'an id, an operation and an address that are hostile',
    JSON.stringify([event({ id: hostile }, { operationName: hostile, claims: { name: hostile, ipaddr: hostile } })]),
  ],
  ['the same event two hundred times', JSON.stringify(Array.from({ length: 200 }, () => event()))],
  [
    'a time that is none',
    JSON.stringify([event({ eventTime: '0000-13-99' }), event({ eventTime: '275760-09-13T00:00:00Z' })]),
  ],
];
