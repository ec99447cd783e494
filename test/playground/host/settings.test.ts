import { describe, expect, test } from '@jest/globals';
import { parseHostSettings, parseTimeSpan, resolveSettings } from '../../../playground/host/settings';

describe('playground/host/settings', () => {
  test('an empty host.json has the real host’s defaults', () => {
    expect(parseHostSettings({})).toMatchObject({
      routePrefix: 'api',
      functionTimeout: 300_000,
      queues: {
        batchSize: 16,
        maxPollingInterval: 60_000,
        maxDequeueCount: 5,
        visibilityTimeout: 0,
        messageEncoding: 'base64',
      },
    });
  });

  test('queue settings are read, and batchSize is 32 at most', () => {
    const queues = {
      batchSize: 99,
      newBatchThreshold: 4,
      maxPollingInterval: '00:00:02',
      visibilityTimeout: '00:00:10',
    };
    expect(parseHostSettings({ extensions: { queues, http: { routePrefix: '' } } })).toMatchObject({
      routePrefix: '',
      queues: { batchSize: 32, newBatchThreshold: 4, maxPollingInterval: 2000, visibilityTimeout: 10_000 },
    });
  });

  test.each([
    ['00:00:00.200', 200],
    ['00:05:00', 300_000],
    ['1.02:00:00', 93_600_000],
    ['5 minutes', undefined],
  ])('the time span %s is %s ms', (text, expected) => {
    expect(parseTimeSpan(text)).toBe(expected);
  });

  test('a value that is not what it should be is refused by name', () => {
    expect(() => parseHostSettings({ functionTimeout: 5 })).toThrow('host.json: 5 is not a time');
    expect(() => parseHostSettings({ extensions: { queues: { batchSize: 'x' } } })).toThrow(
      '"x" is not a whole number',
    );
  });

  test('%NAME% is replaced by the setting of that name, and a missing one is an error', () => {
    expect(resolveSettings('q-%STAGE%', { STAGE: 'test' })).toBe('q-test');
    expect(() => resolveSettings('%STAGE%', {})).toThrow("'%STAGE%' does not resolve to a value.");
  });
});
