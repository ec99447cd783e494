import { describe, expect, test } from '@jest/globals';
import type { Checked } from '../../../shared/controls/control';
import { vmSignInWithEntra } from '../../../shared/controls/vm-sign-in-with-entra';
import type { Asset } from '../../../shared/identity/identity';
import { APP, NOW, signInAs, tenant } from '../../tenant';

function look(machine: Partial<Asset>, policy = signInAs()): Checked {
  const id = `${APP}/providers/microsoft.compute/virtualmachines/vm-1`;
  const assets: readonly Asset[] = [{ id, kind: 'virtual-machine', name: 'vm-1', ...machine }];
  return vmSignInWithEntra.check({ ...tenant(), assets }, policy, NOW);
}

describe('vm-sign-in-with-entra', () => {
  test.each<[string, Partial<Asset>]>([
    ['Windows with its extension', { operatingSystem: 'windows', extensions: ['AADLoginForWindows', 'MDE.Windows'] }],
    ['Linux with its extension', { operatingSystem: 'linux', extensions: ['aadsshloginforlinux'] }],
    ['an unknown system with either', { extensions: ['AADSSHLoginForLinux'] }],
    ['an asset that is no machine', { kind: 'bastion-host' }],
  ])('allows %s', (_, machine) => {
    expect(look(machine)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test.each<[string, Partial<Asset>, string]>([
    ['Windows without it', { operatingSystem: 'windows', extensions: [] }, 'vm-1 lacks AADLoginForWindows'],
    [
      'Linux with that of Windows',
      { operatingSystem: 'linux', extensions: ['AADLoginForWindows'] },
      'vm-1 lacks AADSSHLoginForLinux',
    ],
  ])('finds %s, and only reports it', (_, machine, title) => {
    expect(look(machine).findings).toMatchObject([
      { severity: 'low', title: expect.stringContaining(title), remedies: [] },
    ]);
    expect(vmSignInWithEntra.reportOnly).toBe(true);
  });

  test('is a gap where extensions were not read', () => {
    expect(look({ operatingSystem: 'windows' }).gaps.map(({ what }) => what)).toEqual(['extensions-unread']);
  });

  test('says what the native client asks of devices and nobody looks up', () => {
    const policy = signInAs({}, { bastion: { client: 'native' } });
    const { gaps } = look({ operatingSystem: 'windows', extensions: ['AADLoginForWindows'] }, policy);
    expect(gaps.map(({ what }) => what)).toEqual(['device-tenant-unread']);
  });
});
