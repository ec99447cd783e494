import { describe, expect, test } from '@jest/globals';
import { readNetwork } from '../../../shared/network/read';
import { operationsOf } from '../../../shared/roads';
import { type Resource, SUBSCRIPTION } from '../../estate';

const ON_TOPIC = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.EventGrid/systemTopics/t`;
const NSG = operationsOf('nsgChanged').map((each) => each.toLowerCase());

const topic = (source: string): Resource => ({
  id: ON_TOPIC,
  type: 'Microsoft.EventGrid/systemTopics',
  properties: { source },
});

function subscription(properties: Resource, id = `${ON_TOPIC}/eventSubscriptions/s`): Resource {
  return { id, properties: { provisioningState: 'Succeeded', ...properties } };
}

function read(...resources: readonly Resource[]): ReturnType<typeof readNetwork>['network']['eventSubscriptions'] {
  return readNetwork(resources).network.eventSubscriptions;
}

function operationsThrough(...advancedFilters: readonly Resource[]): readonly string[] | undefined {
  return read(topic(`/subscriptions/${SUBSCRIPTION}`), subscription({ filter: { advancedFilters } }))?.[0]?.operations;
}

describe('event subscriptions', () => {
  test('are unknown where the input holds nothing of Event Grid, and none where a topic has none', () => {
    expect(read()).toBeUndefined();
    expect(read(topic(`/subscriptions/${SUBSCRIPTION}`))).toEqual([]);
  });

  test('are read with their function, event types, state and dead letters', () => {
    const found = read(
      topic(`/subscriptions/${SUBSCRIPTION.toUpperCase()}`),
      subscription({
        provisioningState: 'Updating',
        destination: { endpointType: 'AzureFunction', properties: { resourceId: '/x/sites/app/functions/nsgChanged' } },
        filter: { includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess'] },
        deadLetterWithResourceIdentity: { deadLetterDestination: {} },
      }),
    );
    expect(found).toEqual([
      {
        id: `${ON_TOPIC}/eventSubscriptions/s`,
        name: 's',
        subscriptionId: SUBSCRIPTION,
        functionName: 'nsgChanged',
        eventTypes: ['Microsoft.Resources.ResourceWriteSuccess'],
        provisioningState: 'Updating',
        hasDeadLetters: true,
      },
    ]);
  });

  test.each<[string, readonly Resource[], readonly string[]]>([
    [
      'directly on the subscription',
      [
        subscription(
          { topic: `/subscriptions/${SUBSCRIPTION}` },
          `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.EventGrid/eventSubscriptions/s`,
        ),
      ],
      ['s'],
    ],
    ['on a topic that is not in the input', [subscription({})], ['s']],
    [
      'on a topic of a resource group',
      [topic(`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`), subscription({})],
      [],
    ],
    [
      'on a storage account',
      [
        subscription(
          { topic: '/subscriptions/x/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a' },
          '/subscriptions/x/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a/providers/Microsoft.EventGrid/eventSubscriptions/s',
        ),
      ],
      [],
    ],
  ])('count or not %s', (_, resources, names) => {
    expect(read(...resources)?.map(({ name }) => name)).toEqual(names);
  });

  test('take the state of their topic where that one failed', () => {
    const failed = {
      ...topic(`/subscriptions/${SUBSCRIPTION}`),
      properties: { source: `/subscriptions/${SUBSCRIPTION}`, provisioningState: 'Failed' },
    };
    expect(read(failed, subscription({}))?.[0]?.provisioningState).toBe('Failed');
  });

  const key = 'data.operationName';
  test.each<[string, readonly Resource[], readonly string[] | undefined]>([
    ['no filter at all', [], undefined],
    [
      'a list in another casing',
      [{ operatorType: 'stringin', key, values: NSG.map((each) => each.toUpperCase()) }],
      NSG,
    ],
    [
      'a beginning',
      [{ operatorType: 'StringBeginsWith', key, values: ['Microsoft.Network/networkSecurityGroups/'] }],
      NSG,
    ],
    [
      'two that must both be passed',
      [
        { operatorType: 'StringContains', key, values: ['networkSecurityGroups'] },
        { operatorType: 'StringNotEndsWith', key, values: ['/write'] },
      ],
      NSG.filter((each) => each.endsWith('delete')),
    ],
    [
      'the provider',
      [{ operatorType: 'StringIn', key: 'data.resourceProvider', values: ['Microsoft.Compute'] }],
      operationsOf('networkChanged')
        .map((each) => each.toLowerCase())
        .filter((each) => each.startsWith('microsoft.compute/')),
    ],
    ['a filter on something else', [{ operatorType: 'StringIn', key: 'data.status', values: ['Succeeded'] }], []],
    ['an operator that is not known', [{ operatorType: 'NumberIn', key, values: [1] }], []],
    [
      'an operator called like something every object has',
      [{ operatorType: 'StringConstructor', key, values: ['x'] }],
      [],
    ],
  ])('let through by %s exactly the operations that pass', (_, filters, operations) => {
    expect(operationsThrough(...filters)?.toSorted()).toEqual(operations?.toSorted());
  });
});
