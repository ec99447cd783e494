import { describe, expect, test } from '@jest/globals';
import { brake } from '../../../shared/remediation/brake';
import { policyWith } from '../../estate';

const policy = policyWith({ breaker: { repairsPerResourcePerHour: 3, writesPerTenMinutes: 20 } });
const now = new Date('2026-03-01T12:00:00Z');

function writes(count: number, resource = '/other', minutesAgo = 5) {
  const at = new Date(now.getTime() - minutesAgo * 60_000).toISOString();
  return Array.from({ length: count }, (_, index) => ({
    resource: resource === '/other' ? `/other-${index}` : resource,
    at,
  }));
}

describe('the brake', () => {
  test('keeps a quarter of the writes for what is grave', () => {
    const held = (severity: 'critical' | 'medium', count: number) =>
      brake({ severity }, ['/target'], [], { policy, now, recentWrites: writes(count) })?.reason;
    expect([held('medium', 14), held('medium', 15)]).toEqual([undefined, 'breaker-open']);
    expect([held('critical', 19), held('critical', 20)]).toEqual([undefined, 'breaker-open']);
  });

  test('holds a fight over any of the targets, for an hour', () => {
    const held = (minutesAgo: number) =>
      brake({ severity: 'high' }, ['/one', '/two'], [], { policy, now, recentWrites: writes(3, '/two', minutesAgo) });
    expect(held(59)?.detail).toMatch(/^\/two was repaired 3 times within an hour/);
    expect(held(61)).toBeUndefined();
  });
});
