// Everything that one local Azure consists of, handed to the parts that answer requests.
import type { Clock } from './clock';
import type { EventGrid } from './delivery';
import type { Estate } from './estate';
import type { CompletedOperation } from './event';
import type { FaultState } from './faults';
import type { Operations } from './operations';
import type { Random } from './random';

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultState;
  readonly operations: Operations;
  readonly events: EventGrid;
  readonly estate: Estate;
  readonly subscriptions: () => readonly string[];
  readonly newEtag: () => string;
  readonly raise: (operation: CompletedOperation) => void;
}
