import { describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../../shared/policy/parse';

function read(text: string) {
  return parsePolicy(`version: 1\n${text}\n`, []);
}

describe('signIn at the top of the policy', () => {
  test('is short for identity.signIn', () => {
    const short = read('signIn: management-api');
    expect(short.ok && short.policy.identity.signIn).toBe('management-api');
    const both = read('signIn: activation\nidentity: { context: c2 }');
    expect(both.ok && both.policy.identity).toMatchObject({ signIn: 'activation', context: 'c2' });
  });

  test('must not say otherwise than the section, nor what is not known', () => {
    expect(read('signIn: activation\nidentity: { signIn: management-api }')).toMatchObject({
      ok: false,
      problems: [{ path: expect.stringMatching(/^signIn/), message: expect.stringContaining('say it once') }],
    });
    expect(read('signIn: password')).toMatchObject({
      ok: false,
      problems: [{ path: expect.stringMatching(/^signIn/) }],
    });
  });
});
