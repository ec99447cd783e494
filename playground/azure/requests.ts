// What was asked of the local Azure and how it answered.

export interface RequestRecord {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly actor: string | null;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  readonly at: string;
  /** The fault that answered, delayed or cut the request: a scheduled kind, or `rule`. */
  readonly fault?: string;
  /** What a mail sent through Graph said. */
  readonly body?: unknown;
}
