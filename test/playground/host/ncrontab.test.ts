import { describe, expect, test } from '@jest/globals';
import { parseNcrontab } from '../../../playground/host/ncrontab';

// Local times throughout: a schedule is in the host's own time zone.
function local(text: string): Date {
  return new Date(`${text}${text.includes('T') ? '' : 'T00:00:00'}`);
}

describe('playground/host/ncrontab', () => {
  test.each([
    ['* * * * * *', '2026-11-23T10:00:00', '2026-11-23T10:00:01'],
    ['0 * * * * *', '2026-11-23T10:00:00', '2026-11-23T10:01:00'],
    ['0 */5 * * * *', '2026-11-23T10:03:20', '2026-11-23T10:05:00'],
    ['*/5 * * * *', '2026-11-23T10:03:20', '2026-11-23T10:05:00'],
    ['0 3/20 * * * *', '2026-11-23T10:03:00', '2026-11-23T10:23:00'],
    ['0 10-30/10 * * * *', '2026-11-23T10:30:00', '2026-11-23T11:10:00'],
    ['0 1,7,40-42 * * * *', '2026-11-23T10:07:00', '2026-11-23T10:40:00'],
    ['30 0 9-17 * * MON-FRI', '2026-11-20T17:00:30', '2026-11-23T09:00:30'],
    ['0 0 0 * * sun', '2026-11-23T10:00:00', '2026-11-29T00:00:00'],
    ['0 0 0 * * Sunday,tue', '2026-11-23T10:00:00', '2026-11-24T00:00:00'],
    ['0 0 0 1 jan,JUL *', '2026-11-23T10:00:00', '2027-01-01T00:00:00'],
    ['0 0 0 31 * *', '2026-11-23T10:00:00', '2026-12-31T00:00:00'],
    ['0 0 0 29 2 *', '2026-11-23T10:00:00', '2028-02-29T00:00:00'],
    ['0 0 0 13 * fri', '2026-11-23T10:00:00', '2027-08-13T00:00:00'],
    ['0 0 0 * * 5-1', '2026-11-23T10:00:00', '2026-11-24T00:00:00'],
    ['0 30 23 31 12 *', '2026-12-31T23:30:00', '2027-12-31T23:30:00'],
  ])('"%s" after %s is %s', (expression, after, expected) => {
    expect(parseNcrontab(expression).next(local(after))).toEqual(local(expected));
  });

  test('milliseconds do not make an occurrence come twice', () => {
    const next = parseNcrontab('0 * * * * *').next(new Date(2026, 10, 23, 10, 0, 59, 999));
    expect(next).toEqual(new Date(2026, 10, 23, 10, 1, 0));
  });

  test('a date that never comes has no next occurrence', () => {
    expect(parseNcrontab('0 0 0 30 2 *').next(local('2026-11-23'))).toBeUndefined();
  });

  test.each([
    ['* * * *', '6 fields expected'],
    ['60 * * * * *', "'60' is not a valid second field (0 to 59)"],
    ['0 0 24 * * *', "'24' is not a valid hour field"],
    ['0 0 0 0 * *', "'0' is not a valid day field"],
    ['0 0 0 * 13 *', "'13' is not a valid month field"],
    ['0 0 0 * * 7', "'7' is not a valid day of week field"],
    ['0 0 0 * * mo', "'mo' is not a valid day of week field"],
    ['0 */0 * * * *', "'*/0' is not a valid minute field"],
    ['0 1-2-3 * * * *', "'1-2-3' is not a valid minute field"],
    ['0 -5 * * * *', "'-5' is not a valid minute field"],
    ['0 , * * * *', "'' is not a valid minute field"],
  ])('"%s" is refused', (expression, message) => {
    expect(() => parseNcrontab(expression)).toThrow(message);
  });
});
