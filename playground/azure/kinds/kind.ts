// What every modelled resource type provides: how a write is checked and completed, and how a read looks.
import type { EstateView, Stored } from '../estate';
import type { JsonObject } from '../json';

export interface WriteContext {
  readonly estate: EstateView;
  readonly id: string;
  readonly before: Stored | undefined;
  readonly guid: () => string;
}

export interface ChildCollection {
  readonly name: string;
  readonly readOnly: boolean;
}

export interface ResourceKind {
  readonly type: string;
  /** False for types that can only be read here. */
  readonly writable: boolean;
  readonly children: readonly ChildCollection[];
  /**
   * Checks a body as a client or an estate file wrote it (children merged in) and returns the properties to keep:
   * read-only ones dropped or carried over, defaults filled in. Throws ArmError when ARM would refuse.
   */
  readonly prepare: (body: JsonObject, write: WriteContext) => JsonObject;
  /** The same without checks, for estates that are loaded as they are. */
  readonly load: (body: JsonObject, write: WriteContext) => JsonObject;
  /** The properties as a GET shows them, references back to this resource included. */
  readonly view: (stored: Stored, estate: EstateView) => JsonObject;
  /** The whole body after a PATCH; without it a PATCH changes tags only. */
  readonly merge?: (before: JsonObject, patch: JsonObject) => JsonObject;
  /** Ids of other resources that are deleted together with this one. */
  readonly goesWith?: (stored: Stored) => readonly string[];
  /** Throws ArmError when the resource is in use. */
  readonly checkDelete?: (stored: Stored, estate: EstateView) => void;
  /** Top-level defaults such as the SKU. */
  readonly topLevel?: (body: JsonObject) => JsonObject;
}
