/** What a control is: a requirement that can be checked, with the reason it exists and the ways to restore it. */
import type { Finding } from '../finding';
import type { Gap, Network, ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';

export interface Checked {
  readonly findings: readonly Finding[];
  /** What this control could not decide, beyond what the reader reported. */
  readonly gaps: readonly Gap[];
}

export interface Control {
  /** Kebab-case; the file's name and the key in the policy. */
  readonly id: string;
  readonly title: string;
  /** Why the requirement exists, for the person who is woken up by it. */
  readonly why: string;
  readonly references: readonly string[];
  /**
   * Pure and deterministic. With `focus`, only what these security groups (keys) have a part in needs to be looked at:
   * that is how one repair is checked without evaluating the whole estate again.
   */
  check(network: Network, policy: AccessPolicy, focus?: ReadonlySet<ResourceKey>): Checked;
}
