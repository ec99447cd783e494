import { describe, expect, test } from '@jest/globals';
import { CONTROL_IDS } from '../../../shared/controls';
import { parsePolicy } from '../../../shared/policy/parse';
import { defaultPolicy, modeOf } from '../../../shared/policy/policy';
import { BASTION_HOST, policyWith } from '../../estate';

function problemsOf(text: string): string[] {
  const result = parsePolicy(text, CONTROL_IDS);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

function hash(text: string): string {
  const result = parsePolicy(text, CONTROL_IDS);
  return result.ok ? result.policy.hash : '';
}

describe('a policy file', () => {
  test('needs no more than its version, and then only reports', () => {
    const result = parsePolicy('version: 1', CONTROL_IDS);
    expect(result).toMatchObject({ ok: true, policy: { allowedSources: 'bastion', bastionHosts: [] } });
    expect(result.ok && modeOf(result.policy, 'admin-ports-only-from-bastion', 'remediate')).toBe('report');
  });

  test('guards 22 and 3389, and reports WinRM, unless it says otherwise', () => {
    expect(defaultPolicy().adminPorts).toEqual([
      { port: 22, protocol: 'tcp', mode: 'enforce' },
      { port: 3389, protocol: 'tcp', mode: 'enforce' },
      { port: 5985, protocol: 'tcp', mode: 'report' },
      { port: 5986, protocol: 'tcp', mode: 'report' },
    ]);
  });

  test('with several mistakes tells all of them at once, each with its place', () => {
    const problems = problemsOf(`
version: 2
bastionHosts: [bas-hub]
adminPorts: [{ port: 70000 }]
allowedSource: bastion
additionalSources: [{ sources: [10.0.0.300], owner: "", reviewBy: tomorrow }]
controls: { admin-ports-only-from-bastoin: remediate, admin-ports-only-from-bastion: repair }
`);
    for (const place of [
      'version',
      'bastionHosts.0',
      'adminPorts.0.port',
      'additionalSources.0.sources.0',
      'additionalSources.0.owner',
      'additionalSources.0.reviewBy',
      'controls.admin-ports-only-from-bastoin',
      'controls.admin-ports-only-from-bastion',
      'allowedSource',
    ]) {
      expect(problems.some((problem) => problem.includes(place))).toBe(true);
    }
  });

  test.each([
    ['that is not YAML', 'version: [1', /line 1/],
    ['that says a key twice', 'version: 1\nversion: 1', /unique/i],
    [
      'that multiplies aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
      /alias/i,
    ],
    ['that is empty', '', /expected object/i],
    ['that is a list', '- 1', /expected object/i],
  ])('%s is refused with one clear line', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  test('has a hash that changes with its meaning and not with its layout', () => {
    expect(hash('version: 1')).toBe(hash('{"version": 1, "allowedSources": "bastion"}'));
    expect(hash('version: 1')).not.toBe(hash('version: 1\nallowedSources: virtual-network'));
  });

  test('names Bastion hosts in any casing', () => {
    expect(policyWith({ bastionHosts: [BASTION_HOST.toUpperCase()] }).bastionHosts).toEqual([
      BASTION_HOST.toLowerCase(),
    ]);
  });

  test('never lets a control do more than the ceiling', () => {
    const policy = policyWith();
    expect(modeOf(policy, 'admin-ports-only-from-bastion', 'remediate')).toBe('remediate');
    expect(modeOf(policy, 'admin-ports-only-from-bastion', 'approve')).toBe('approve');
    expect(modeOf(policy, 'admin-ports-only-from-bastion', 'off')).toBe('off');
  });
});
