/** Exceptions in the policy that somebody should have looked at again by now: told to people, and never acted on. */
import { nameOf } from '../network/network';
import type { AccessPolicy } from './policy';

export interface OverdueReview {
  /** What the exception is for, in words that go after "the review of". */
  readonly what: string;
  readonly owner: string;
  /** The day it was due, YYYY-MM-DD. */
  readonly reviewBy: string;
}

/** Every exception whose review was due before `today` (YYYY-MM-DD, in UTC); it still counts. In the order of the policy. */
export function overdueReviews(policy: AccessPolicy, today: string): OverdueReview[] {
  const { additionalSources, topology, publicIps, identity } = policy;
  return [
    ...additionalSources.map((each) => overdue(each, each.sources.join(', '))),
    ...topology.approvedPeerings.map((each) =>
      overdue(each, `the peering of ${each.networks.map(nameOf).join(' and ')}`),
    ),
    ...publicIps.approved.map((each) => overdue(each, `the public IP of ${nameOf(each.id)}`)),
    ...identity.allowedStanding.map((each) =>
      overdue(each, `the standing rights of ${each.principal}${each.scope === undefined ? '' : ` on ${each.scope}`}`),
    ),
  ].filter(({ reviewBy }) => reviewBy < today);
}

function overdue({ owner, reviewBy }: Omit<OverdueReview, 'what'>, what: string): OverdueReview {
  return { what, owner, reviewBy };
}
