// Long-running operations: which resource each one holds, and when it is done.
import { ArmError } from './arm-error';
import type { Clock } from './clock';
import { topLevelKey } from './resource-id';

export type OperationVerb = 'Updating' | 'Deleting';

export interface Operation {
  readonly id: string;
  readonly verb: OperationVerb;
  done: boolean;
  readonly readyAt: number;
}

export interface Operations {
  /** Starts an operation of `ms` milliseconds on a resource; `finish` runs when it is done, at once for 0. */
  readonly start: (resourceId: string, verb: OperationVerb, ms: number, finish: () => void) => Operation;
  readonly find: (operationId: string) => Operation | undefined;
  /** The state that a running operation gives to a resource. */
  readonly running: (resourceId: string) => OperationVerb | undefined;
  /** Refuses a write to a resource on which another operation still runs. */
  readonly checkFree: (resourceId: string) => void;
  /** Whole seconds until the operation is done, at least 1. */
  readonly retryAfter: (operation: Operation) => number;
  readonly reset: () => void;
}

/** No operations yet. */
export function createOperations(clock: Clock, guid: () => string): Operations {
  const byId = new Map<string, Operation>();
  const byResource = new Map<string, Operation>();

  function retryAfter(operation: Operation): number {
    return Math.max(1, Math.ceil((operation.readyAt - clock.now().getTime()) / 1000));
  }

  return {
    retryAfter,
    start(resourceId, verb, ms, finish) {
      const operation: Operation = { id: guid(), verb, done: ms === 0, readyAt: clock.now().getTime() + ms };
      byId.set(operation.id, operation);
      if (operation.done) {
        finish();
        return operation;
      }
      const key = topLevelKey(resourceId);
      byResource.set(key, operation);
      clock.after(ms, () => {
        operation.done = true;
        byResource.delete(key);
        finish();
      });
      return operation;
    },
    find: (operationId) => byId.get(operationId.toLowerCase()),
    running: (resourceId) => byResource.get(topLevelKey(resourceId))?.verb,
    checkFree(resourceId) {
      const operation = byResource.get(topLevelKey(resourceId));
      if (!operation) return;
      throw new ArmError(
        429,
        'RetryableError',
        'A retryable error occurred.',
        [
          {
            code: 'RetryableErrorDueToAnotherOperation',
            message: `Operation on ${resourceId} cannot start because another operation (${operation.id}) is in progress.`,
          },
        ],
        { 'retry-after': String(retryAfter(operation)) },
      );
    },
    reset() {
      byId.clear();
      byResource.clear();
    },
  };
}
