import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { checkSubscription } from '../../playground/azure/event-filter';
import { operationsOf, WATCHERS } from '../../shared/roads';

const ROOT = join(__dirname, '../..');
const filters = z.object({
  topicType: z.literal('Microsoft.Resources.Subscriptions'),
  eventSubscriptions: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-zA-Z0-9-]{3,64}$/),
      function: z.enum(WATCHERS),
      includedEventTypes: z.array(z.string()),
      advancedFilters: z.tuple([
        z.strictObject({
          operatorType: z.literal('StringIn'),
          key: z.literal('data.operationName'),
          values: z.array(z.string().max(512)),
        }),
      ]),
    }),
  ),
});
const { eventSubscriptions } = filters.parse(JSON.parse(readFileSync(join(ROOT, 'infra/event-filters.json'), 'utf8')));

const EVENT_TYPES = [
  ['/write', 'Microsoft.Resources.ResourceWriteSuccess'],
  ['/delete', 'Microsoft.Resources.ResourceDeleteSuccess'],
  ['/action', 'Microsoft.Resources.ResourceActionSuccess'],
] as const;

describe('infra/event-filters.json', () => {
  test.each(WATCHERS)('%s is told of exactly the operations along its roads', (watcher) => {
    const own = eventSubscriptions.filter((each) => each.function === watcher);
    expect(own.flatMap(({ advancedFilters: [{ values }] }) => values)).toEqual(operationsOf(watcher));
  });

  test.each(eventSubscriptions.map((each) => [each.name, each] as const))(
    '%s asks for the event types of its operations and stays within the limits of Event Grid',
    (_, subscription) => {
      const [{ values }] = subscription.advancedFilters;
      const needed = EVENT_TYPES.filter(([ending]) => values.some((value) => value.endsWith(ending)));
      expect(subscription.includedEventTypes).toEqual(needed.map(([, type]) => type));
      expect(() => checkSubscription(subscription)).not.toThrow();
      expect(values.length).toBeLessThanOrEqual(25);
    },
  );

  test('names each subscription once, and each leads to a function that exists', () => {
    const names = eventSubscriptions.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const { function: name } of eventSubscriptions) {
      const file = `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
      expect(readFileSync(join(ROOT, 'functions', file), 'utf8')).toContain(`app.eventGrid('${name}'`);
    }
  });
});
