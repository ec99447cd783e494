/** One Conditional Access policy, and what it comes to for a sign-in target. */
import { listOf, objectOf } from '../network/json';
import { effectiveOf } from './effective';
import { type ConditionalAccessPolicy, type Identity, type ObjectId, objectIdOf } from './identity';
import { isEveryTime, narrowingConditions, type SignInTarget } from './narrowing';
import { type GrantReading, readGrant } from './strength';

/** A Conditional Access policy about the target, and what it comes to. */
export interface PolicyReading {
  readonly policy: ConditionalAccessPolicy;
  /** Enabled: report-only asks nothing. */
  readonly isEnforced: boolean;
  readonly narrowing: readonly string[];
  readonly grant: GrantReading;
  readonly isEveryTime: boolean;
  /** Everyone it excludes, groups at any depth, those who may join them included. */
  readonly excluded: ReadonlySet<ObjectId>;
  /** Whether it asks everybody it does not exclude for a phishing-resistant sign-in, and for nothing less. */
  readonly demands: boolean;
}

/** What one policy comes to for the target. */
export function readingOf(identity: Identity, policy: ConditionalAccessPolicy, target: SignInTarget): PolicyReading {
  const grant = readGrant(identity, policy.grantControls);
  const narrowing = narrowingConditions(policy, target);
  const isEnforced = policy.state === 'enabled';
  const isStrict = grant.isPhishingResistant && grant.alternatives.length === 0 && !grant.blocks;
  return {
    policy,
    isEnforced,
    narrowing,
    grant,
    isEveryTime: isEveryTime(policy.sessionControls),
    excluded: excludedBy(identity, policy),
    demands: isEnforced && narrowing.length === 0 && isStrict,
  };
}

/** Everyone a policy excludes by user or by group, at any depth; those who may join such a group are counted. */
export function excludedBy(identity: Identity, { conditions }: ConditionalAccessPolicy): ReadonlySet<ObjectId> {
  const users = objectOf(conditions.users);
  const groups = idsIn(users.excludeGroups);
  const { expand } = effectiveOf(identity);
  const members = groups.flatMap((group) => expand(group).paths.map(({ principal }) => principal));
  return new Set([...idsIn(users.excludeUsers), ...groups, ...members]);
}

/** Object ids out of a list of Graph's. */
export function idsIn(value: unknown): ObjectId[] {
  return listOf(value).flatMap((id) => (typeof id === 'string' ? objectIdOf(id) : []));
}
