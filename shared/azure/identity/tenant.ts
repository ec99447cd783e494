/** The tenant's sign-in settings behind the port: read by one identity, written by another one or not at all. */
import type { TokenCredential } from '@azure/identity';
import { isIdentityAction } from '../../action';
import { type IdentityAction, identityTargetOf } from '../../identity/action';
import { readIdentity } from '../../identity/read';
import { EMPTY_NETWORK } from '../../network/network';
import type { AccessPolicy } from '../../policy/policy';
import type { Snapshot, Tenant } from '../../ports';
import { nameOfScope, type Scope } from '../../scope';
import type { ClientOptions } from '../client';
import { azureErrorFrom } from '../error';
import { apply } from './apply';
import { authorizationAt } from './authorization';
import { graphAt } from './graph';
import { notRead } from './not-read';
import { observe, type Readers } from './observe';
import { graphPaces, type Waiting, waitingWith } from './pace';

export interface IdentityTenantOptions extends ClientOptions, Partial<Waiting> {
  /** GUARDRAIL_GRAPH_ENDPOINT, validated: an origin. */
  readonly graphEndpoint: string;
  /** The identity that writes; another one than the one that reads. Without it nothing is written. */
  readonly writeCredential?: TokenCredential | (() => Promise<TokenCredential>);
  readonly subscriptions: readonly string[];
  readonly policy: AccessPolicy;
  readonly now: () => Date;
  /** Whether Microsoft's what-if is asked as well, for a few of those who are eligible. */
  readonly whatIf?: boolean;
}

/** One request a second: more of them would take longer than everything else together. */
const MOST_WHAT_IFS = 10;
const NO_WRITER = 'no identity is configured for writing sign-in settings (GUARDRAIL_IDENTITY_CLIENT_ID)';

/** The tenant that `options` lead to. Observing throws AzureError when nothing could be read; nothing else throws. */
export function identityTenant(options: IdentityTenantOptions): Tenant {
  const { subscriptions, policy, now, writeCredential } = options;
  const waiting = waitingWith(options);
  // One pace for reading and writing: the limit is the tenant's.
  const paces = graphPaces(waiting);
  const connect = (credential: ClientOptions['credential']): Readers => ({
    arm: authorizationAt({ ...options, credential }),
    graph: graphAt({ graphEndpoint: options.graphEndpoint, credential, paces, waiting }),
  });
  const readers = connect(options.credential);
  const writers = writeCredential && { ...connect(writeCredential), policy, now, pause: waiting.pause };

  async function look(scope: Scope): Promise<Snapshot> {
    if (scope.kind !== 'identity') throw new Error(`${nameOfScope(scope)} is no tenant's sign-in settings`);
    // Taken before the first read: the state is at least as new as this.
    const takenAt = now();
    const whatIfFor = options.whatIf === true ? MOST_WHAT_IFS : 0;
    const { entries, gaps } = await observe(readers, { subscriptions, policy, now: takenAt, whatIfFor });
    const read = readIdentity(entries, takenAt);
    const all = [...gaps, ...read.gaps];
    return { scope, takenAt, network: EMPTY_NETWORK, identity: read.identity, gaps: all, resources: entries };
  }

  return {
    observe: (scope) => look(scope),

    async apply(snapshot, actions, turn) {
      const own = actions.filter(isIdentityAction);
      return writers ? await apply(writers, snapshot, own, turn) : own.map(stopped);
    },

    async lookAgain(snapshot) {
      try {
        return await look(snapshot.scope);
      } catch (thrown) {
        // The old state stands, so that nothing is called repaired unseen.
        const name = nameOfScope(snapshot.scope);
        return { ...snapshot, gaps: [...snapshot.gaps, notRead(name, azureErrorFrom(thrown, 'read', name))] };
      }
    },
  };
}

function stopped(action: IdentityAction) {
  return {
    resource: identityTargetOf(action),
    requestIds: [],
    changes: [],
    status: 'stopped',
    why: NO_WRITER,
  } as const;
}
