import { test } from '@jest/globals';
import { blindSpots } from '../../../shared/identity/blind-spots';
import { chainOf } from '../../../shared/identity/chain';
import { holdersOf, effectiveOf } from '../../../shared/identity/effective';
import type { Asset, Group, Identity, RoleAssignment } from '../../../shared/identity/identity';
import { bastionPaths } from '../../../shared/identity/paths-around';
import { assigned, eligible, group, settings, signInPolicy, STRONG, SUBSCRIPTION, tenant, user } from './people';
function big(): Identity {
  const groups = Array.from({ length: 500 }, (_, index): Group => {
    const people = Array.from({ length: 10 }, (__, member) => `u${(index * 10 + member) % 2000}`);
    return group(`g${index}`, index % 5 === 4 ? people : [...people, `g${index + 1}`], { owners: [`u${index}`] });
  });
  const scopeOf = (index: number): string =>
    index % 50 === 0 ? SUBSCRIPTION : `${SUBSCRIPTION}/resourcegroups/rg-${index % 200}`;
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
test('x', () => {
  for (let round = 0; round < 2; round++) {
    const identity = big();
    const t = [performance.now()];
    const e = effectiveOf(identity);
    for (const g of identity.groups.keys()) e.expand(g);
    t.push(performance.now());
    const paths = bastionPaths(identity, ['assigned', 'eligible']);
    t.push(performance.now());
    const machines = identity.assets.filter(({ kind }) => kind === 'virtual-machine').map(({ id }) => id);
    for (const id of machines)
      holdersOf(identity, { actions: ['Microsoft.Compute/virtualMachines/runCommand/action'] }, id);
    t.push(performance.now());
    blindSpots(identity, { actions: ['Microsoft.Compute/virtualMachines/runCommand/action'] }, machines, ['assigned']);
    t.push(performance.now());
    const c = chainOf(identity, 'bastion', { kind: 'context', context: 'c1' });
    t.push(performance.now());
    console.log(
      paths.length,
      c.eligible.length,
      t.slice(1).map((x, i) => Math.round(x - (t[i] ?? 0))),
    );
  }
});
