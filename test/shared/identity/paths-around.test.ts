import { describe, expect, test } from '@jest/globals';
import type { Asset, Identity } from '../../../shared/identity/identity';
import { bastionPaths } from '../../../shared/identity/paths-around';
import {
  APP,
  assigned,
  eligible,
  group,
  HOST,
  HUB,
  MACHINE,
  NIC,
  permission,
  role,
  SUBSCRIPTION,
  tenant,
  user,
} from './people';

const users = [user('alex'), user('sam')];
const HOST_ASSET: Asset = { id: HOST, kind: 'bastion-host', name: 'bas-hub' };
const VM: Asset = { id: MACHINE, kind: 'virtual-machine', name: 'vm-app-1', interfaces: [NIC] };
const OTHER: Asset = { ...VM, id: MACHINE.replace('vm-app-1', 'vm-app-2'), name: 'vm-app-2' };
const assets = [HOST_ASSET, VM, OTHER];

function lines(identity: Identity, ...holdings: Parameters<typeof bastionPaths>[1] & object): string[] {
  return bastionPaths(identity, holdings.length > 0 ? holdings : undefined).map(
    ({ principal, holding, host, machines, via }) =>
      `${principal} ${holding} ${host.name} → ${machines.map(({ name }) => name).join('+')} by ${via.map(({ assignment }) => `${assignment.role}@${assignment.scope}`).join(' and ')}`,
  );
}

describe('who can open Bastion', () => {
  test('a standing Reader of the subscription can, to every machine', () => {
    expect(lines(tenant({ users, assets, assignments: [assigned('alex', 'reader', SUBSCRIPTION)] }))).toEqual([
      `alex assigned bas-hub → vm-app-1+vm-app-2 by reader@${SUBSCRIPTION}`,
    ]);
  });

  test.each([
    ['the host', [assigned('alex', 'reader', HUB)]],
    ['the machines', [assigned('alex', 'reader', APP)]],
    [
      'the host and a machine without its interface',
      [assigned('alex', 'reader', HUB), assigned('alex', 'reader', MACHINE.toLowerCase())],
    ],
  ])('reading only %s is not enough', (_, assignments) => {
    expect(lines(tenant({ users, assets, assignments }))).toEqual([]);
  });

  test('parts that come from different assignments are all told', () => {
    const assignments = [assigned('alex', 'reader', HUB), assigned('alex', 'reader', APP)];
    expect(lines(tenant({ users, assets, assignments }))).toEqual([
      `alex assigned bas-hub → vm-app-1+vm-app-2 by reader@${HUB} and reader@${APP}`,
    ]);
  });

  test('without activating anything is told from by activating', () => {
    const groups = [group('ops', [], { eligibleMembers: ['sam'] })];
    const assignments = [
      assigned('ops', 'reader', HUB),
      assigned('sam', 'reader', APP),
      eligible('alex', 'reader', SUBSCRIPTION),
    ];
    const identity = tenant({ users, groups, assets, assignments });
    expect(lines(identity)).toEqual([]);
    expect(lines(identity, 'assigned', 'eligible').map((line) => line.split(' by ')[0])).toEqual([
      'alex eligible bas-hub → vm-app-1+vm-app-2',
      'sam eligible bas-hub → vm-app-1+vm-app-2',
    ]);
  });

  test('a machine whose interfaces are unknown takes no more than itself and the host', () => {
    const reads = role(
      'reads',
      permission(['Microsoft.Network/bastionHosts/read', 'Microsoft.Compute/virtualMachines/read']),
    );
    const bare: Asset = { id: MACHINE, kind: 'virtual-machine', name: 'vm-app-1' };
    const assignments = [assigned('alex', 'reads', SUBSCRIPTION)];
    expect(lines(tenant({ users, roles: [reads], assets: [HOST_ASSET, bare], assignments }))).toHaveLength(1);
    expect(lines(tenant({ users, roles: [reads], assets, assignments }))).toEqual([]);
  });
});
