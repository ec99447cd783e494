/** What a control is: a requirement that can be checked, with the reason it exists and the ways to restore it. */
import type { Finding } from '../finding';
import type { Identity } from '../identity/identity';
import type { Gap, Network, ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Accepted } from './accepted';

export interface Checked {
  readonly findings: readonly Finding[];
  /** What this control could not decide, beyond what the reader reported. */
  readonly gaps: readonly Gap[];
  /** What would be a finding if it were not a platform service's: said, and never repaired. */
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  readonly control: string;
  /** Id of the endpoint, casing as read. */
  readonly resource: string;
  readonly name: string;
  /** `platform-managed: ` and by what. */
  readonly why: string;
  /** As in `22/tcp`. */
  readonly ports: readonly string[];
}

interface Requirement {
  /** Kebab-case; the file's name and the key in the policy. */
  readonly id: string;
  readonly title: string;
  /** Why the requirement exists, for the person who is woken up by it. */
  readonly why: string;
  readonly references: readonly string[];
  /** What is only ever reported, whatever mode the policy sets. */
  readonly reportOnly?: true;
}

export interface IdentityControl extends Requirement {
  readonly kind: 'identity';
  /** Pure and deterministic; `now` is asked for dates only. */
  check(identity: Identity, policy: AccessPolicy, now: Date): Checked;
}

export interface NetworkControl extends Requirement {
  readonly kind: 'network';
  /** Whether `check` itself takes `accepted` into account; otherwise what was found in the accepted state is let be as a whole. */
  readonly measuresDrift?: true;
  /**
   * Pure and deterministic. With `focus`, only what these security groups (keys) have a part in needs to be looked at:
   * that is how one repair is checked without evaluating the whole estate again. With `accepted`, what the accepted
   * state let through already is let be: what is found then is drift, and its remedies leave the rest alone.
   */
  check(network: Network, policy: AccessPolicy, focus?: ReadonlySet<ResourceKey>, accepted?: Accepted): Checked;
}

export type Control = NetworkControl | IdentityControl;
