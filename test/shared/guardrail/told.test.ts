/** What is news, and what has been told. */
import { describe, expect, test } from '@jest/globals';
import type { Severity } from '../../../shared/finding';
import type { HoldReason } from '../../../shared/remediation/plan';
import { newsIn, type Tellable, toldOf } from '../../../shared/told';
import { aFinding } from '../alerts/an-incident';

const GAP = { resource: '/lists/interfaces', what: 'not-read', why: 'Forbidden', touchesAdminPort: true };

function seen(severity: Severity, reason?: HoldReason): Tellable {
  const finding = aFinding({ severity });
  const held = reason === undefined ? [] : [{ finding, hold: { reason, detail: '' } }];
  return { findings: [finding], gaps: [], held };
}

const NOTHING: Tellable = { findings: [], gaps: [], held: [] };

describe('shared/told', () => {
  const cases: [string, readonly Tellable[], Tellable, boolean][] = [
    ['a finding nobody knows', [], seen('high'), true],
    ['the same again', [seen('high')], seen('high'), false],
    ['the same, graver', [seen('medium')], seen('critical'), true],
    ['the same, less grave', [seen('critical')], seen('medium'), false],
    ['less grave, then graver again', [seen('critical'), seen('medium')], seen('critical'), true],
    ['held for another reason', [seen('high', 'halted')], seen('high', 'locked'), true],
    ['held for a reason of before', [seen('high', 'halted'), seen('high', 'gap')], seen('high', 'halted'), false],
    ['gone and back', [seen('high'), NOTHING], seen('high'), true],
    ['a repair that failed after a hold', [seen('high', 'halted')], { ...seen('high'), failed: ['f1'] }, true],
    ['a repair that failed again', [{ ...seen('high'), failed: ['f1'] }], { ...seen('high'), failed: ['f1'] }, false],
    [
      'a repair that was begun and cannot be seen',
      [{ ...NOTHING, gaps: [GAP] }],
      { ...NOTHING, gaps: [GAP], failed: ['f1'] },
      true,
    ],
    ['a gap', [], { ...NOTHING, gaps: [GAP] }, true],
    ['the same gap', [{ ...NOTHING, gaps: [GAP] }], { ...NOTHING, gaps: [{ ...GAP, why: 'still Forbidden' }] }, false],
    ['a gap away from admin ports', [], { ...NOTHING, gaps: [{ ...GAP, touchesAdminPort: false }] }, false],
  ];
  for (const [name, before, now, isNews] of cases) {
    test(`${isNews ? 'is news' : 'is no news'}: ${name}`, () => {
      const known = before.reduce<ReadonlySet<string>>((told, each) => toldOf(each, told), new Set());
      expect(newsIn(now, known).length > 0).toBe(isNews);
    });
  }
});
