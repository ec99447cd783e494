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

function heldAt(severity: 'critical' | 'medium', count: number) {
  return brake({ severity }, ['/target'], [], { policy, now, recentWrites: writes(count) })?.reason;
}

function fightOver(minutesAgo: number) {
  const recentWrites = writes(3, '/two', minutesAgo);
  return brake({ severity: 'high' }, ['/one', '/two'], [], { policy, now, recentWrites });
}

describe('the brake', () => {
  test('keeps a quarter of the writes for what is grave', () => {
    expect([heldAt('medium', 14), heldAt('medium', 15)]).toEqual([undefined, 'breaker-open']);
    expect([heldAt('critical', 19), heldAt('critical', 20)]).toEqual([undefined, 'breaker-open']);
  });

  test('holds a fight over any of the targets, for an hour', () => {
    expect(fightOver(59)?.detail).toMatch(/^\/two was repaired 3 times within an hour/);
    expect(fightOver(61)).toBeUndefined();
  });

  test('takes the parts of one large repair for no fight, and counts them as writes all the same', () => {
    const parts = writes(15, '/two').map((write) => ({ ...write, isPart: true as const }));
    const held = (severity: 'high' | 'medium') =>
      brake({ severity }, ['/two'], [], { policy, now, recentWrites: parts })?.detail;
    expect(held('high')).toBeUndefined();
    expect(held('medium')).toMatch(/^15 writes within ten minutes/);
  });
});
