/** What became of the actions on one resource. */
import type { ResourceKey } from '../network/network';

/** One rule before and after, as ARM wrote it; null where there was or is none. */
export interface RuleChange {
  readonly rule: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One property of another kind of resource, before and after, in words a person reads. */
export interface SettingChange {
  readonly setting: string;
  readonly before: string;
  readonly after: string;
}

export type Outcome = {
  readonly resource: ResourceKey;
  /** ARM's request ids, newest last: what Microsoft's support asks for. */
  readonly requestIds: readonly string[];
  readonly changes: readonly (RuleChange | SettingChange)[];
} & (
  | { readonly status: 'applied' }
  | { readonly status: 'already' }
  /** The etag moved between reading and writing: somebody else was there, so we look again. */
  | { readonly status: 'superseded' }
  /** Sent and accepted, but not finished while we waited. */
  | { readonly status: 'started' }
  /** Not sent: the lease was lost or somebody called a halt in the last moment. */
  | { readonly status: 'stopped'; readonly why: string }
  /** `refusal`: a lock, a policy or a missing right stands against this very write; another remedy may be let through. */
  | { readonly status: 'failed'; readonly why: string; readonly retryable: boolean; readonly refusal?: boolean }
);
