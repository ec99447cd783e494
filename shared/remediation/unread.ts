/** What could not be read, and whether a proof would have read it. */
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';

/**
 * Ways in from elsewhere. They say how grave a finding is; a proof compares what rules admit before and after, and asks
 * no door.
 */
const DOORS: ReadonlySet<string> = new Set([
  'azurefirewalls',
  'firewallpolicies',
  'ipgroups',
  'applicationgateways',
  'privatelinkservices',
]);

/**
 * What the `VirtualNetwork` tag takes in, and security admin rules. Unread, the tag is read too small and a rule of a
 * network manager as not there: then a repair shuts out no one that the policy allows, unless the policy allows the tag.
 */
const SURROUNDINGS: ReadonlySet<string> = new Set([
  'routetables',
  'virtualnetworkgateways',
  'localnetworkgateways',
  'connections',
  'virtualhubs',
  'vpnsites',
  'expressroutegateways',
  'networkmanagers',
]);

/** Whether nothing may be repaired until this gap is closed; unknown kinds count as read by the proof. */
export function stopsRepairs({ what, resource }: Gap, { allowedSources }: AccessPolicy): boolean {
  if (what !== 'not-read') return false;
  const [, type = ''] = /\/providers\/microsoft\.network\/([^/]+)/.exec(resource.toLowerCase()) ?? [];
  if (DOORS.has(type)) return false;
  return !SURROUNDINGS.has(type) || allowedSources === 'virtual-network';
}
