import { describe, expect, test } from '@jest/globals';
import { guardrailIsWatching } from '../../../shared/controls/guardrail-is-watching';
import type { Finding } from '../../../shared/finding';
import { operationsOf, WATCHERS, type Watcher } from '../../../shared/roads';
import { hubAndSpoke, networkOf, policyWith, type Resource, SUBSCRIPTION } from '../../estate';

const TOPIC = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-guardrail/providers/Microsoft.EventGrid/systemTopics/changes`;
const SITE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-guardrail/providers/Microsoft.Web/sites/guardrail`;

const topic: Resource = {
  id: TOPIC,
  type: 'Microsoft.EventGrid/systemTopics',
  properties: { source: `/subscriptions/${SUBSCRIPTION}`, topicType: 'Microsoft.Resources.Subscriptions' },
};

function subscribed(watcher: Watcher, properties: Resource = {}, name = watcher as string): Resource {
  return {
    id: `${TOPIC}/eventSubscriptions/${name}`,
    type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    properties: {
      provisioningState: 'Succeeded',
      destination: { endpointType: 'AzureFunction', properties: { resourceId: `${SITE}/functions/${watcher}` } },
      filter: filterOf(operationsOf(watcher)),
      deadLetterDestination: { endpointType: 'StorageBlob' },
      ...properties,
    },
  };
}

function filterOf(values: readonly string[], types: readonly string[] = ['Write', 'Delete', 'Action']): Resource {
  return {
    includedEventTypes: types.map((type) => `Microsoft.Resources.Resource${type}Success`),
    advancedFilters: [{ operatorType: 'StringIn', key: 'data.operationName', values }],
  };
}

const everything = WATCHERS.map((watcher) => subscribed(watcher));

/** Everything, but for the event subscription of one function, which is replaced. */
function but(watcher: Watcher, ...instead: readonly Resource[]): Resource[] {
  return [topic, ...WATCHERS.filter((each) => each !== watcher).map((each) => subscribed(each)), ...instead];
}

function check(events: readonly Resource[], estate = hubAndSpoke()): readonly Finding[] {
  return guardrailIsWatching.check(networkOf([...estate, ...events]), policyWith()).findings;
}

const network = operationsOf('networkChanged');

describe('guardrail-is-watching', () => {
  test.each<[string, readonly Resource[]]>([
    ['an export that says nothing of Event Grid', []],
    ['an event subscription for each function', [topic, ...everything]],
    ['one without any filter', but('networkChanged', subscribed('networkChanged', { filter: {} }))],
    [
      'two that share the operations',
      but(
        'networkChanged',
        subscribed('networkChanged', { filter: filterOf(network.slice(0, 20)) }, 'first'),
        subscribed('networkChanged', { filter: filterOf(network.slice(20)) }, 'second'),
      ),
    ],
    [
      'a function in another casing, delivered to with an identity',
      but(
        'nsgChanged',
        subscribed('nsgChanged', {
          destination: undefined,
          deliveryWithResourceIdentity: {
            destination: { endpointType: 'AzureFunction', properties: { resourceId: `${SITE}/functions/NSGCHANGED` } },
          },
        }),
      ),
    ],
    [
      'event types left to the default',
      but('nsgChanged', subscribed('nsgChanged', { filter: { includedEventTypes: null } })),
    ],
  ])('allows %s', (_, events) => {
    expect(check(events).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, readonly Resource[], Finding['severity'], string]>([
    [
      'a function without an event subscription',
      but('peeringChanged'),
      'high',
      'peeringChanged hears nothing of what is changed',
    ],
    [
      'one that failed to be made',
      but('nsgChanged', subscribed('nsgChanged', { provisioningState: 'Failed' })),
      'high',
      'nsgChanged hears nothing',
    ],
    [
      'a filter that leaves out deletes',
      but(
        'nsgChanged',
        subscribed('nsgChanged', {
          filter: filterOf(operationsOf('nsgChanged').filter((each) => each.endsWith('/write'))),
        }),
      ),
      'medium',
      'nsgChanged hears only a part',
    ],
    [
      'event types that leave out actions',
      but('networkChanged', subscribed('networkChanged', { filter: filterOf(network, ['Write', 'Delete']) })),
      'medium',
      'networkChanged hears only a part',
    ],
    [
      'a filter narrowed to one resource group',
      but(
        'nsgChanged',
        subscribed('nsgChanged', {
          filter: {
            ...filterOf(operationsOf('nsgChanged')),
            subjectBeginsWith: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`,
          },
        }),
      ),
      'high',
      'nsgChanged hears nothing',
    ],
    [
      'a destination of another kind',
      but('nsgChanged', subscribed('nsgChanged', { destination: { endpointType: 'WebHook', properties: {} } })),
      'high',
      'nsgChanged hears nothing',
    ],
    [
      'dead letters that are not kept',
      but('nsgChanged', subscribed('nsgChanged', { deadLetterDestination: null })),
      'low',
      'nsgChanged may lose events',
    ],
  ])('finds %s', (_, events, severity, title) => {
    const findings = check(events);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.severity).toBe(severity);
    expect(findings[0]?.title).toContain(title);
    expect(findings[0]?.title).toContain(SUBSCRIPTION);
    expect(findings[0]?.remedies).toEqual([]);
  });

  test('finds every function deaf once the topic has no event subscription left', () => {
    expect(check([topic]).map(({ resource }) => resource)).toEqual(
      WATCHERS.map(() => `/subscriptions/${SUBSCRIPTION}`),
    );
  });

  test('leaves the subscription of a pinned hub elsewhere to its own look', () => {
    const other = SUBSCRIPTION.replace(/1$/, '2');
    const text = JSON.stringify(hubAndSpoke()).replaceAll(
      `${SUBSCRIPTION}/resourceGroups/rg-hub`,
      `${other}/resourceGroups/rg-hub`,
    );
    const estate = JSON.parse(text) as Resource[];
    const pinned = policyWith({
      bastionHosts: [`/subscriptions/${other}/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub`],
    });
    expect(guardrailIsWatching.check(networkOf([...estate, topic, ...everything]), pinned).findings).toEqual([]);
  });

  test('names what is not heard, and no more of it than a person reads', () => {
    const [finding] = check(but('networkChanged'));
    expect(finding?.evidence.discrepancies?.[0]?.found).toMatch(/^no event for (?:[\w./]+, ){4}[\w./]+ and \d+ more$/);
  });

  test('is the same finding while the fault changes', () => {
    const [failed] = check(but('nsgChanged', subscribed('nsgChanged', { provisioningState: 'Failed' })));
    const [gone] = check(but('nsgChanged'));
    expect(gone?.fingerprint).toBe(failed?.fingerprint);
  });
});
