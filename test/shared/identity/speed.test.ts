import { describe, expect, test } from '@jest/globals';
import { unreadGroups } from '../../../shared/identity/blind-spots';
import { holdersOf } from '../../../shared/identity/effective';
import type { Asset, Group, Identity, RoleAssignment } from '../../../shared/identity/identity';
import { bastionPaths } from '../../../shared/identity/paths-around';
import { assigned, eligible, group, settings, signInPolicy, STRONG, SUBSCRIPTION, tenant, user } from './people';

function scopeOf(index: number): string {
  return index % 50 === 0 ? SUBSCRIPTION : `${SUBSCRIPTION}/resourcegroups/rg-${index % 200}`;
}

/** 500 groups nested 5 deep with 10 members each, 5,000 assignments over 200 resource groups, 200 policies. */
function big(): Identity {
  const groups = Array.from({ length: 500 }, (_, index): Group => {
    const people = Array.from({ length: 10 }, (__, member) => `u${(index * 10 + member) % 2000}`);
    return group(`g${index}`, index % 5 === 4 ? people : [...people, `g${index + 1}`], { owners: [`u${index}`] });
  });
  const assignments = Array.from({ length: 5000 }, (_, index): RoleAssignment => {
    const to = index % 3 === 0 ? 'reader' : 'bastion';
    const who = index % 2 === 0 ? `g${index % 500}` : `u${index % 2000}`;
    return index % 5 === 0 ? assigned(who, to, scopeOf(index)) : eligible(who, to, scopeOf(index));
  });
  const assets = Array.from({ length: 400 }, (_, index): Asset[] => {
    const at = `${SUBSCRIPTION}/resourcegroups/rg-${index % 200}/providers`;
    const nic = `${at}/Microsoft.Network/networkInterfaces/nic-${index}`;
    const machine = `${at}/Microsoft.Compute/virtualMachines/vm-${index}`;
    return [
      { id: machine, kind: 'virtual-machine', name: `vm-${index}`, interfaces: [nic] },
      { id: nic, kind: 'network-interface', name: `nic-${index}` },
    ];
  }).flat();
  const host = `${SUBSCRIPTION}/resourcegroups/rg-0/providers/Microsoft.Network/bastionHosts/bas-hub`;
  return tenant({
    users: Array.from({ length: 2000 }, (_, index) => user(`u${index}`)),
    groups,
    assignments,
    assets: [...assets, { id: host, kind: 'bastion-host', name: 'bas-hub' }],
    policies: Array.from({ length: 200 }, (_, index) =>
      signInPolicy(`p${index}`, { users: { excludeGroups: [`g${index}`] } }),
    ),
    roleSettings: [settings('bastion', SUBSCRIPTION, 'c1')],
    contexts: new Map([['c1', { id: 'c1', name: '', isAvailable: true }]]),
    strengths: new Map([[STRONG.id, STRONG]]),
  });
}

/** Everything the controls ask, in milliseconds. */
function timeOf(identity: Identity): number {
  const started = performance.now();
  const paths = bastionPaths(identity, ['assigned', 'eligible']);
  const machines = identity.assets.filter(({ kind }) => kind === 'virtual-machine').map(({ id }) => id);
  for (const action of [
    'Microsoft.Compute/virtualMachines/runCommand/action',
    'Microsoft.Network/bastionHosts/write',
  ]) {
    for (const id of machines) holdersOf(identity, { actions: [action] }, id);
  }
  const unread = identity.assignments.flatMap(({ principal }) => unreadGroups(identity, principal));
  const took = performance.now() - started;
  expect(paths.length).toBeGreaterThan(300);
  expect(unread).toEqual([]);
  return took;
}

describe('a big tenant', () => {
  test('is worked out in a second, on the quietest of three tries', () => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3 && best >= 1000; run++) best = Math.min(best, timeOf(big()));
    expect(best).toBeLessThan(1000);
  });
});
