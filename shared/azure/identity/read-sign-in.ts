/** What Graph tells of the sign-in itself: Conditional Access, authentication contexts and strengths, and the tenant. */
import type { Graph } from './graph';
import { type Pages, readPages } from './graph-pages';
import { joined, type Reading, readingOf } from './reading';

export const POLICIES = '/identity/conditionalAccess/policies';
export const CONTEXTS = '/identity/conditionalAccess/authenticationContextClassReferences';

const LISTS = [POLICIES, CONTEXTS, '/policies/authenticationStrengthPolicies', '/organization'] as const;

export interface SignInReading extends Reading {
  readonly lists: readonly Pages[];
}

/** Reads all lists; the pace of Conditional Access decides how long that takes. Never throws. */
export async function readSignIn(graph: Graph): Promise<SignInReading> {
  const lists = await Promise.all(LISTS.map((path) => readPages(graph, path)));
  return { ...joined(lists.map((pages, index) => readingOf(LISTS[index] ?? '', pages))), lists };
}
