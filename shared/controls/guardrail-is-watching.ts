/** Every function of the guardrail hears of every change it has to look at. */
import type { Discrepancy, Finding, Severity } from '../finding';
import { fingerprintOf } from '../fingerprint';
import type { EventSubscription, Network } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { operationsOf, WATCHERS, type Watcher } from '../roads';
import type { Checked, NetworkControl } from './control';
import { topologyOf } from './topology';

const ID = 'guardrail-is-watching';

export const guardrailIsWatching: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'The guardrail is told of every change',
  why: 'Whoever wants to open a way in quietly first makes the guardrail deaf: an event subscription that is deleted, filtered or failing leaves only the timer, and a quarter of an hour is long enough. Events that could not be delivered are lost for good where no dead letters are kept.',
  references: [
    'https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions',
    'https://learn.microsoft.com/azure/event-grid/delivery-and-retry',
  ],
  reportOnly: true,
  check,
};

function check(network: Network, policy: AccessPolicy): Checked {
  const { eventSubscriptions } = network;
  const findings =
    eventSubscriptions === undefined
      ? []
      : watchedSubscriptions(network, policy).flatMap((subscription) =>
          WATCHERS.flatMap((watcher) =>
            deafness(
              subscription,
              watcher,
              eventSubscriptions.filter((each) => each.subscriptionId === subscription),
            ),
          ),
        );
  return { findings, gaps: [], skipped: [] };
}

/**
 * The subscriptions that were read as a whole. A pinned Bastion host may live in another one, of which only its own
 * network is read: that one is watched by its own look.
 */
function watchedSubscriptions(network: Network, policy: AccessPolicy): string[] {
  const { hubs } = topologyOf(network, policy);
  const keys = [...network.virtualNetworks.keys()];
  // Of a network at the far end of a peering no subnet was read.
  const own = keys.filter((key) => !hubs.has(key) && network.virtualNetworks.get(key)?.subnets.length !== 0);
  const told = network.eventSubscriptions?.map(({ subscriptionId }) => subscriptionId) ?? [];
  const found = [...told, ...(own.length > 0 ? own : keys).map(subscriptionOf)];
  return [...new Set(found)].toSorted();
}

function subscriptionOf(key: string): string {
  return key.split('/')[2] ?? '';
}

/** How far one function is deaf: one finding, however many of its event subscriptions are at fault. */
function deafness(subscription: string, watcher: Watcher, all: readonly EventSubscription[]): Finding[] {
  const own = all.filter(({ functionName }) => functionName?.toLowerCase() === watcher.toLowerCase());
  const working = own.filter(({ provisioningState }) => provisioningState.toLowerCase() === 'succeeded');
  const needed = operationsOf(watcher);
  const unheard = needed.filter((operation) => !working.some((each) => isHeard(each, operation)));
  const discrepancies = [
    ...own.filter((each) => !working.includes(each)).map(notWorking),
    ...(unheard.length > 0 ? [notHeard(unheard, needed.length)] : []),
    ...own.filter(({ hasDeadLetters }) => !hasDeadLetters).map(withoutDeadLetters),
  ];
  if (discrepancies.length === 0) return [];
  const severity = severityOf(unheard.length, needed.length);
  return [
    {
      control: ID,
      resource: own[0]?.id ?? `/subscriptions/${subscription}`,
      severity,
      title: titleOf(watcher, subscription, severity),
      fingerprint: fingerprintOf(ID, subscription, watcher.toLowerCase()),
      evidence: { exposures: [], discrepancies },
      remedies: [],
      restsOn: [],
    },
  ];
}

const EVENT_TYPES = {
  write: 'microsoft.resources.resourcewritesuccess',
  delete: 'microsoft.resources.resourcedeletesuccess',
  action: 'microsoft.resources.resourceactionsuccess',
} as const;

function isHeard({ eventTypes, operations }: EventSubscription, operation: string): boolean {
  const kind = operation.endsWith('/write') ? 'write' : operation.endsWith('/delete') ? 'delete' : 'action';
  const isSent = eventTypes.some((type) => type.toLowerCase() === EVENT_TYPES[kind]);
  return isSent && (operations?.includes(operation.toLowerCase()) ?? true);
}

/** The timer still looks: so nothing here is critical by itself. */
function severityOf(unheard: number, needed: number): Severity {
  if (unheard === 0) return 'low';
  return unheard === needed ? 'high' : 'medium';
}

function titleOf(watcher: Watcher, subscription: string, severity: Severity): string {
  if (severity === 'low') return `${watcher} may lose events of subscription ${subscription}`;
  const what = severity === 'high' ? 'nothing' : 'only a part';
  return `${watcher} hears ${what} of what is changed in subscription ${subscription}`;
}

function notWorking({ name, provisioningState }: EventSubscription): Discrepancy {
  return { setting: `provisioningState of ${name}`, wanted: 'Succeeded', found: provisioningState };
}

function withoutDeadLetters({ name }: EventSubscription): Discrepancy {
  return { setting: `deadLetterDestination of ${name}`, wanted: 'a blob container', found: 'none' };
}

const MOST_NAMED = 5;

function notHeard(unheard: readonly string[], needed: number): Discrepancy {
  const more = unheard.length > MOST_NAMED ? ` and ${unheard.length - MOST_NAMED} more` : '';
  return {
    setting: 'operations',
    wanted: `${needed} operations that lead to a look`,
    found: `no event for ${unheard.slice(0, MOST_NAMED).join(', ')}${more}`,
  };
}
