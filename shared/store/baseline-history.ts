/** What was accepted before: each replaced version of a resource once, by its content, and who replaced what when. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ContainerClient } from '@azure/storage-blob';
import { isObject, type JsonObject, textOf } from '../network/json';
import { keyOf, type ResourceKey } from '../network/network';
import { type Scope, scopeKey } from '../scope';
import { readBlob, writeBlob, writeBlobIf } from './blob';
import { attempt } from './storage-error';

/** One resource's accepted state was replaced by another; `null`: there was none before, or is none since. */
export interface Replacement {
  readonly resource: string;
  /** SHA-256 of the version's JSON without its etag, in hexadecimal: the name under which it is kept. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface AcceptedChange {
  /** ISO 8601. */
  readonly at: string;
  readonly replacements: readonly Replacement[];
}

const OBJECTS = 'objects';
const HISTORY = 'history';
const PARALLEL = 8;
const DAY_MS = 24 * 60 * 60_000;

/** Keeps the versions that `now` replaces, and a line of history about them; without a change, nothing. */
export async function keepReplaced(
  container: ContainerClient,
  scope: Scope,
  before: readonly unknown[],
  now: readonly unknown[],
  at: Date,
): Promise<void> {
  const versions = new Map<string, JsonObject>();
  const replacements = replacedBetween(before, now, versions);
  if (replacements.length === 0) return;
  const names = [...versions.keys()];
  for (let first = 0; first < names.length; first += PARALLEL) {
    const some = names.slice(first, first + PARALLEL);
    await Promise.all(some.map((name) => keepVersion(container, name, versions.get(name))));
  }
  const change: AcceptedChange = { at: at.toISOString(), replacements };
  const body = Buffer.from(JSON.stringify(change));
  await writeBlob(
    container,
    `${historyOf(scope)}/${stampOf(at)}-${digestOf(body).slice(0, 12)}.json`,
    body,
    'application/json',
  );
}

function replacedBetween(
  before: readonly unknown[],
  now: readonly unknown[],
  versions: Map<string, JsonObject>,
): readonly Replacement[] {
  const [past, present] = [byKey(before), byKey(now)];
  return [...new Set([...past.keys(), ...present.keys()])].flatMap((key) => {
    const [old, current] = [past.get(key), present.get(key)];
    if (old && current && old.etag !== undefined && old.etag === current.etag) return [];
    const [was, is] = [versionOf(old), versionOf(current)];
    // What takes its place is kept once it is replaced itself: until then it stands in the accepted state.
    if (was && was.name !== is?.name) versions.set(was.name, was.content);
    return was?.name === is?.name
      ? []
      : [{ resource: textOf((current ?? old)?.id) ?? key, before: was?.name ?? null, after: is?.name ?? null }];
  });
}

/** The etag says when, not what: two versions that differ in nothing else are one. */
function versionOf(json: JsonObject | undefined): { readonly name: string; readonly content: JsonObject } | undefined {
  if (!json) return undefined;
  const { etag: _, ...content } = json;
  return { name: digestOf(JSON.stringify(content)), content };
}

function byKey(resources: readonly unknown[]): Map<ResourceKey, JsonObject> {
  const found = new Map<ResourceKey, JsonObject>();
  for (const resource of resources) {
    if (isObject(resource)) found.set(keyOf(textOf(resource.id) ?? ''), resource);
  }
  return found;
}

/** Written once: its name is its content. */
async function keepVersion(container: ContainerClient, name: string, json: JsonObject | undefined): Promise<void> {
  const body = await promisify(gzip)(JSON.stringify(json), { level: 1 });
  await writeBlobIf(container, objectName(name), body, 'application/gzip', undefined);
}

/** A version by its name; undefined if it is not kept any more. Throws if it is damaged. */
export async function readVersion(container: ContainerClient, name: string): Promise<unknown> {
  const blob = await readBlob(container, objectName(name));
  if (!blob) return undefined;
  const text = (await promisify(gunzip)(blob.body)).toString();
  if (digestOf(text) !== name)
    throw new Error(`The stored version ${container.containerName}/${objectName(name)} is damaged: delete the blob.`);
  const json: unknown = JSON.parse(text);
  return json;
}

/** Every change of the scope's accepted state that is still kept, oldest first. */
export async function readHistory(container: ContainerClient, scope: Scope): Promise<readonly AcceptedChange[]> {
  const changes: AcceptedChange[] = [];
  for (const name of await namesBelow(container, historyOf(scope))) {
    const blob = await readBlob(container, name);
    const change = blob && readChange(blob.body);
    if (change) changes.push(change);
  }
  return changes;
}

/** Forgets what was replaced more than so many days ago, and versions that nothing kept names any more. */
export async function forgetOld(container: ContainerClient, scope: Scope, now: Date, days: number): Promise<void> {
  const limit = stampOf(new Date(now.getTime() - days * DAY_MS));
  const names = await namesBelow(container, historyOf(scope));
  const old = names.filter((name) => name.slice(historyOf(scope).length + 1) < limit);
  if (old.length === 0) return;
  const gone = await replacementsIn(container, old);
  // Other scopes have histories too: what any of them still names stays.
  const left = (await namesBelow(container, HISTORY)).filter((name) => !old.includes(name));
  const kept = new Set(await replacementsIn(container, left));
  for (const name of gone.filter((each) => !kept.has(each))) await remove(container, objectName(name));
  for (const name of old) await remove(container, name);
}

async function replacementsIn(container: ContainerClient, names: readonly string[]): Promise<string[]> {
  const versions: string[] = [];
  for (const name of names) {
    const blob = await readBlob(container, name);
    const change = blob && readChange(blob.body);
    versions.push(...(change?.replacements ?? []).flatMap(({ before, after }) => [before ?? [], after ?? []].flat()));
  }
  return versions;
}

function readChange(body: Buffer): AcceptedChange | undefined {
  try {
    const change: AcceptedChange = JSON.parse(body.toString());
    return Array.isArray(change.replacements) ? change : undefined;
  } catch {
    return undefined;
  }
}

async function namesBelow(container: ContainerClient, folder: string): Promise<string[]> {
  return attempt(`listing ${container.containerName}/${folder}`, async () => {
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: `${folder}/` })) names.push(name);
    return names.toSorted();
  });
}

async function remove(container: ContainerClient, name: string): Promise<void> {
  await attempt(`deleting ${container.containerName}/${name}`, () => container.getBlobClient(name).deleteIfExists());
}

function historyOf(scope: Scope): string {
  return `${HISTORY}/${scopeKey(scope)}`;
}

function objectName(digest: string): string {
  return `${OBJECTS}/${digest}.json.gz`;
}

/** Sorts as text in the order of time. */
function stampOf(at: Date): string {
  return at.toISOString().replace(/[-:]/g, '');
}

function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
