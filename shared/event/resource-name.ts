/** The resource an event is about, out of its subject. */
import { describe, LONGEST_FIELD, lower, shown } from './field';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

export interface ResourceName {
  readonly id: string;
  readonly subscriptionId: string;
  /** Provider and types, as in `Microsoft.Network/networkSecurityGroups/securityRules`; `resource group` without a provider. */
  readonly type: string;
}

/**
 * Reads an ARM resource id and adds to `problems` what is wrong with it.
 * Events were seen with `resourcegroups`, a slash at the end, and a blank behind the subscription id: all mean the same.
 */
export function readResourceId(subject: unknown, problems: string[]): ResourceName | undefined {
  const refuse = (why: string): undefined => {
    problems.push(why);
  };
  if (typeof subject !== 'string' || subject === '') {
    return refuse(`subject is ${describe(subject)} and must be a resource id`);
  }
  if (subject.length > LONGEST_FIELD) {
    return refuse(`subject has ${subject.length} characters; no resource id is so long`);
  }
  if (UNPRINTABLE.test(subject)) return refuse('subject has control characters in it');
  const [start, ...segments] = subject.split('/').map((segment) => segment.trim());
  while (segments.at(-1) === '') segments.pop();
  const [root, subscription] = segments;
  if (start !== '' || lower(root ?? '') !== 'subscriptions' || !subscription) {
    return refuse(`subject '${shown(subject)}' names no subscription`);
  }
  if (segments.some((segment) => segment === '')) return refuse(`subject '${shown(subject)}' has an empty segment`);
  const id = `/${segments.join('/')}`;
  const subscriptionId = lower(subscription);
  const provider = segments.findLastIndex((segment) => lower(segment) === 'providers');
  if (provider < 0) return { id, subscriptionId, type: 'resource group' };
  const [namespace, ...typesAndNames] = segments.slice(provider + 1);
  if (!namespace || typesAndNames.length === 0 || typesAndNames.length % 2 !== 0) {
    return refuse(`subject '${shown(subject)}' ends in the middle of a resource id`);
  }
  const types = typesAndNames.filter((_, index) => index % 2 === 0);
  return { id, subscriptionId, type: [namespace, ...types].join('/') };
}
