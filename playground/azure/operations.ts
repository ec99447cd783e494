// Long-running operations: which resource each one holds, and when it is done.
import { ArmError } from './arm-error';
import type { Clock } from './clock';
import type { JsonObject } from './json';
import { topLevelKey } from './resource-id';

export type OperationVerb = 'Updating' | 'Deleting';

export interface OperationFailure {
  readonly code: string;
  readonly message: string;
}

/** How a write's operation goes: how long it takes, and whether it fails in the end. */
export interface OperationPlan {
  readonly ms: number;
  readonly failure?: OperationFailure;
  /** With a failure: whether what was written stands nevertheless. */
  readonly takesEffect?: boolean;
}

export interface Operation {
  readonly id: string;
  readonly verb: OperationVerb;
  readonly failure: OperationFailure | undefined;
  done: boolean;
  /** What an action has yielded, once it is done. */
  result?: JsonObject;
  readonly readyAt: number;
}

export interface Operations {
  /** Starts an operation on a resource; `finish` runs when it is done, at once for 0 milliseconds, and yields its result. */
  readonly start: (
    resourceId: string,
    verb: OperationVerb,
    plan: OperationPlan,
    finish: () => JsonObject | undefined,
  ) => Operation;
  readonly find: (operationId: string) => Operation | undefined;
  /** The state that a running operation gives to a resource. */
  readonly running: (resourceId: string) => OperationVerb | undefined;
  /** Refuses a write to a resource on which another operation still runs. */
  readonly checkFree: (resourceId: string) => void;
  /** Whole seconds until the operation is done, at least 1. */
  readonly retryAfter: (operation: Operation) => number;
  readonly reset: () => void;
}

/** The network provider answers either way: 409, or 429 with the reason in its details. */
function busy(status: 409 | 429, resourceId: string, operationId: string, seconds: number): ArmError {
  const reason = `Operation on ${resourceId} cannot start because another operation (${operationId}) is in progress.`;
  if (status === 409) {
    return new ArmError(
      409,
      'AnotherOperationInProgress',
      `Another operation on this or dependent resource is in progress. ${reason}`,
      [],
    );
  }
  return new ArmError(
    429,
    'RetryableError',
    'A retryable error occurred.',
    [{ code: 'RetryableErrorDueToAnotherOperation', message: reason }],
    { 'retry-after': String(seconds) },
  );
}

/** No operations yet; `busyStatus` says how a second one on the same resource is refused. */
export function createOperations(clock: Clock, guid: () => string, busyStatus: () => 409 | 429): Operations {
  const byId = new Map<string, Operation>();
  const byResource = new Map<string, Operation>();

  function retryAfter(operation: Operation): number {
    return Math.max(1, Math.ceil((operation.readyAt - clock.now().getTime()) / 1000));
  }

  return {
    retryAfter,
    start(resourceId, verb, { ms, failure }, finish) {
      const operation: Operation = { id: guid(), verb, failure, done: ms === 0, readyAt: clock.now().getTime() + ms };
      byId.set(operation.id, operation);
      if (operation.done) {
        operation.result = finish();
        return operation;
      }
      const key = topLevelKey(resourceId);
      byResource.set(key, operation);
      clock.after(ms, () => {
        operation.done = true;
        byResource.delete(key);
        operation.result = finish();
      });
      return operation;
    },
    find: (operationId) => byId.get(operationId.toLowerCase()),
    running: (resourceId) => byResource.get(topLevelKey(resourceId))?.verb,
    checkFree(resourceId) {
      const operation = byResource.get(topLevelKey(resourceId));
      if (!operation) return;
      throw busy(busyStatus(), resourceId, operation.id, retryAfter(operation));
    },
    reset() {
      byId.clear();
      byResource.clear();
    },
  };
}
