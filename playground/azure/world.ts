// Everything that one local Azure consists of, handed to the parts that answer requests.
import type { Directory } from '../directory/directory';
import type { Authorization } from '../authorization/state';
import type { Clock } from './clock';
import type { EventGrid } from './delivery';
import type { Estate } from './estate';
import type { CompletedOperation } from './event';
import type { FaultState } from './fault-state';
import type { Governance } from './governance';
import type { Locks } from './locks';
import type { Operations } from './operations';
import type { Random } from './random';
import type { RateLimiter } from './rate-limit';

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultState;
  readonly operations: Operations;
  readonly events: EventGrid;
  readonly estate: Estate;
  /** The tenant that Graph answers for. */
  readonly directory: Directory;
  /** Roles, who holds them, and PIM. */
  readonly authorization: Authorization;
  /** The locks that ARM keeps; those that faults add are in `governance` only. */
  readonly locks: Locks;
  /** All roles, deny assignments, policies and locks in force: the estate's and those that faults add. */
  readonly governance: () => Governance;
  readonly rates: RateLimiter;
  readonly subscriptions: () => readonly string[];
  readonly newEtag: () => string;
  readonly raise: (operation: CompletedOperation) => void;
}
