// One request to Microsoft.Authorization with what its answer needs to know.
import type { Call } from '../azure/call';
import type { JsonObject } from '../azure/json';
import type { World } from '../azure/world';
import type { AuthorizationPath } from './authorization-path';
import type { Principals } from './principal';
import type { AuthorizationState } from './state';

export interface Asked {
  readonly world: World;
  readonly call: Call;
  readonly path: AuthorizationPath;
  /** What the request sees: as things are, or as they were for a stale read. */
  readonly state: AuthorizationState;
  readonly principals: Principals;
  readonly now: Date;
}

/** A request with a body. */
export interface AskedToWrite extends Asked {
  readonly body: JsonObject;
}
