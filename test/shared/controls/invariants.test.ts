import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../../shared/finding';
import type { Identity } from '../../../shared/identity/identity';
import { NOW, SIGN_IN_POLICY, signInAs, tenant } from '../../tenant';
import { type Break, BREAKS } from './sign-in-break';
import { checkSignIn, remedyOf, repaired, settled, SIGN_IN_CONTROLS } from './sign-in-controls';

const POLICY = signInAs({ conditionalAccessPolicy: SIGN_IN_POLICY });
const CLEAN = tenant();

function find(identity: Identity): readonly Finding[] {
  return checkSignIn(identity, POLICY).findings;
}

/** What one control finds, where nothing is asked of the others. */
function findBy(id: string, identity: Identity): readonly Finding[] {
  return SIGN_IN_CONTROLS.filter((control) => control.id === id).flatMap(
    (control) => control.check(identity, POLICY, NOW).findings,
  );
}

/** What a control of this id may change. */
const OWN: Readonly<Record<string, keyof Identity>> = {
  'bastion-role-exact': 'roles',
  'bastion-role-only-eligible': 'assignments',
  'activation-requires-context': 'roleSettings',
  'activation-settings-match': 'roleSettings',
  'context-published': 'contexts',
  'context-requires-phishing-resistant-mfa': 'policies',
  'exclusions-only-break-glass': 'policies',
};

function nameOf({ invariant, what }: Break): string {
  return `(${invariant}) ${what}`;
}

describe('the invariants of the way to Bastion', () => {
  test('a tenant that keeps them all has no finding and no gap', () => {
    expect(checkSignIn(CLEAN, POLICY)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test('every invariant that sign-in settings can break is broken here', () => {
    // 26 and 27 are about the network: shareable links, public addresses and open ports have controls there.
    const broken = new Set(BREAKS.map(({ invariant }) => invariant));
    expect(Array.from({ length: 29 }, (_, index) => index + 1).filter((each) => !broken.has(each))).toEqual([26, 27]);
  });

  test.each(BREAKS.map((each) => [nameOf(each), each] as const))('finds %s', (_, { edit, control, path }) => {
    const findings = find(edit(CLEAN));
    expect(findings.map((finding) => finding.control)).toContain(control);
    if (path === undefined) return;
    const paths = findings.flatMap(({ evidence }) => evidence.paths ?? []);
    expect(paths.filter((sentence) => sentence.includes(path))).not.toEqual([]);
  });

  const mended = BREAKS.filter(({ ends }) => ends !== 'reported');
  test.each(mended.map((each) => [nameOf(each), each] as const))('ends %s and changes nothing else', (_, each) => {
    const broken = each.edit(CLEAN);
    const approved = each.ends === 'approved';
    const after = settled(broken, POLICY, approved);
    expect(find(after).filter(({ control }) => control === each.control)).toEqual([]);
    const own = OWN[each.control];
    for (const key of Object.keys(broken) as (keyof Identity)[]) {
      if (key !== own) expect(after[key]).toBe(broken[key]);
    }
  });

  test.each(BREAKS.filter(({ ends }) => ends === 'approved').map((each) => [nameOf(each), each] as const))(
    'asks a person before it ends %s',
    (_, { edit, control }) => {
      const own = find(edit(CLEAN)).filter((finding) => finding.control === control);
      expect(own.length).toBeGreaterThan(0);
      expect(own.every((finding) => remedyOf(finding, false) === undefined)).toBe(true);
    },
  );

  test.each(BREAKS.filter(({ ends }) => ends === 'reported').map((each) => [nameOf(each), each] as const))(
    'only reports %s',
    (_, { edit, control }) => {
      const known = new Set(find(CLEAN).map(({ fingerprint }) => fingerprint));
      const own = find(edit(CLEAN)).filter((finding) => finding.control === control);
      const fresh = own.filter(({ fingerprint }) => !known.has(fingerprint));
      expect(fresh.some((finding) => remedyOf(finding, true) === undefined)).toBe(true);
    },
  );

  const followed = BREAKS.slice(1).map((each, index) => [nameOf(each), each, BREAKS.slice(0, index + 1)] as const);
  test.each(followed)('finds %s together with any other', (_, last, others) => {
    for (const first of others) {
      const before = first.edit(CLEAN);
      const both = last.edit(before);
      // Once the policy is gone, there is nothing left of it to be changed.
      const isGone = before.policies.length === 0 && OWN[last.control] === 'policies';
      if (!isGone && findBy(last.control, both).length === 0)
        throw new Error(`${nameOf(last)} is not found after ${nameOf(first)}`);
      // Of two edits of the same thing the later one may undo the earlier.
      const isApart = OWN[first.control] !== OWN[last.control];
      if (isApart && findBy(first.control, both).length === 0)
        throw new Error(`${nameOf(first)} is not found once ${nameOf(last)}`);
    }
  });

  test('whatever is broken at once, repairs come to an end and leave only what is reported', () => {
    const some = fc.uniqueArray(fc.constantFrom(...BREAKS), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(some, (breaks) => {
        const broken = breaks.reduce((identity, { edit }) => edit(identity), CLEAN);
        const found = find(broken);
        expect(JSON.stringify(find(broken))).toBe(JSON.stringify(found));
        expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(found.length);
        for (const finding of found) {
          for (const remedy of finding.remedies) {
            const left = findBy(finding.control, repaired(broken, remedy)).map(({ fingerprint }) => fingerprint);
            expect(left).not.toContain(finding.fingerprint);
          }
        }
        const rest = find(settled(broken, POLICY, true));
        expect(rest.flatMap((finding) => remedyOf(finding, true) ?? [])).toEqual([]);
      }),
      { numRuns: 300, seed: 20260302 },
    );
  });
});
