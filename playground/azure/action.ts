// What every POST action provides: where it stands, and what it checks and does.
import type { Call } from './call';
import type { JsonObject } from './json';
import type { World } from './world';

/** A request for an action on the resource or resource group `id`, admitted already. */
export interface ActionRequest {
  readonly world: World;
  readonly call: Call;
  readonly id: string;
  readonly body: JsonObject;
}

export interface ArmAction {
  /** The type of what it acts on. */
  readonly type: string;
  /** The last word of its path. */
  readonly name: string;
  /** The operation in permissions and events, where it is not spelt as in the path. */
  readonly operation?: string;
  /** True when it is answered with 202 and its result is polled for. */
  readonly isLongRunning: boolean;
  /** True when an empty request is accepted. */
  readonly mayLackBody?: boolean;
  /** False for the few reads by POST that the local Event Grid keeps quiet about. */
  readonly isRaised?: boolean;
  /** Checks the request (throws ArmError) and returns what happens when the action ends, which yields its result. */
  readonly prepare: (request: ActionRequest) => () => JsonObject | undefined;
}

/** The operation as permissions and events name it, such as `Microsoft.Network/networkManagers/commit/action`. */
export function operationOf({ type, name, operation = name }: ArmAction): string {
  return `${type}/${operation}`;
}
