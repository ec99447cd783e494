import { describe, expect, test } from '@jest/globals';
import { operationsAlong, operationsOf, ROADS, roadOf, WATCHERS } from '../../shared/roads';

describe('the roads to a machine', () => {
  test.each([
    ['nsgChanged', 'Microsoft.Network/networkSecurityGroups/securityRules/delete'],
    ['peeringChanged', 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write'],
    ['peeringChanged', 'Microsoft.Network/virtualNetworks/write'],
    ['publicIpChanged', 'Microsoft.Network/publicIPAddresses/write'],
    ['networkChanged', 'Microsoft.Network/virtualNetworks/subnets/delete'],
    ['networkChanged', 'Microsoft.Network/bastionHosts/createShareableLinks/action'],
    ['networkChanged', 'Microsoft.Network/networkManagers/commit/action'],
    ['networkChanged', 'Microsoft.Resources/subscriptions/resourceGroups/moveResources/action'],
    ['networkChanged', 'Microsoft.Compute/virtualMachineScaleSets/write'],
    ['roleChanged', 'Microsoft.Authorization/roleAssignments/write'],
  ] as const)('%s is told of %s', (watcher, operation) => {
    expect(operationsOf(watcher)).toContain(operation);
  });

  test('are each watched once, and by one function only', () => {
    const types = ROADS.map(({ type }) => type.toLowerCase());
    expect(new Set(types).size).toBe(types.length);
    const operations = WATCHERS.flatMap(operationsOf);
    expect(operations.toSorted()).toEqual(ROADS.flatMap(operationsAlong).toSorted());
  });

  test('are known in any casing, and nothing else is', () => {
    expect(roadOf('MICROSOFT.NETWORK/PublicIpAddresses')?.function).toBe('publicIpChanged');
    expect(roadOf('Microsoft.Storage/storageAccounts')).toBeUndefined();
  });
});
