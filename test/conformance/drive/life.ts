// The life of a resource through a client library: made, written again, read; taken away when the driver leaves.
import type { Stage } from './stage';

type Written = PromiseLike<unknown>;

interface InGroup<Body> {
  readonly createOrUpdate: (group: string, name: string, body: Body) => Written;
  readonly get: (group: string, name: string) => Written;
  readonly delete: (group: string, name: string) => Written;
}

interface Below<Body> {
  readonly createOrUpdate: (group: string, parent: string, name: string, body: Body) => Written;
  readonly get: (group: string, parent: string, name: string) => Written;
  readonly delete: (group: string, parent: string, name: string) => Written;
}

interface Deeper<Body> {
  readonly createOrUpdate: (group: string, top: string, parent: string, name: string, body: Body) => Written;
  readonly get: (group: string, top: string, parent: string, name: string) => Written;
  readonly delete: (group: string, top: string, parent: string, name: string) => Written;
}

/** Makes a resource, writes it again, reads it. */
export async function live<Body>(
  stage: Stage,
  operations: InGroup<Body>,
  [group, name]: readonly [string, string],
  body: Body,
): Promise<void> {
  stage.leave(() => operations.delete(group, name));
  await operations.createOrUpdate(group, name, body);
  await operations.createOrUpdate(group, name, body);
  await operations.get(group, name);
}

/** The same for a child. */
export async function liveBelow<Body>(
  stage: Stage,
  operations: Below<Body>,
  [group, parent, name]: readonly [string, string, string],
  body: Body,
): Promise<void> {
  stage.leave(() => operations.delete(group, parent, name));
  await operations.createOrUpdate(group, parent, name, body);
  await operations.createOrUpdate(group, parent, name, body);
  await operations.get(group, parent, name);
}

/** The same for a child of a child. */
export async function liveDeeper<Body>(
  stage: Stage,
  operations: Deeper<Body>,
  [group, top, parent, name]: readonly [string, string, string, string],
  body: Body,
): Promise<void> {
  stage.leave(() => operations.delete(group, top, parent, name));
  await operations.createOrUpdate(group, top, parent, name, body);
  await operations.createOrUpdate(group, top, parent, name, body);
  await operations.get(group, top, parent, name);
}

/** Reads lists to their ends, page by page. */
export async function drain(...lists: readonly AsyncIterable<unknown>[]): Promise<void> {
  for (const list of lists) {
    const pages = list[Symbol.asyncIterator]();
    while ((await pages.next()).done !== true);
  }
}
