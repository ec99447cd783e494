// One Graph request as its route meets it, and what the route answers.
import type { JsonObject } from '../azure/json';
import type { Actor } from '../azure/token';
import type { DirectoryState } from './state';

export interface GraphCall {
  readonly method: string;
  readonly url: URL;
  /** Scheme and host for absolute URLs in the answer. */
  readonly origin: string;
  /** The parts of the path that the route leaves open, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly actor: Actor;
  /** What a read sees may be older than what a write meets. */
  readonly state: DirectoryState;
  readonly now: Date;
  readonly guid: () => string;
  /** Entries per page of a list unless `$top` says. */
  readonly pageSize: number;
  readonly correlationId: string;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body?: unknown;
  /** The directory after a write. */
  readonly next?: DirectoryState;
}

/** The open part of the path under this name. */
export function parameter(call: GraphCall, name: string): string {
  return call.parameters[name] ?? '';
}

/** `@odata.context` for what lies at this place of the metadata. */
export function contextUrl(call: GraphCall, place: string): string {
  return `${call.origin}/v1.0/$metadata#${place}`;
}
