/** Remembers per scope which findings have been reported and are still there: one small blob. */
import type { ContainerClient } from '@azure/storage-blob';
import { type Scope, scopeKey } from '../scope';
import { readBlob, writeBlob } from './blob';

/** The remembered fingerprints. A damaged blob counts as none: told twice is better than never told. */
export async function readKnown(
  container: ContainerClient,
  scope: Scope,
  log: (line: string) => void,
): Promise<ReadonlySet<string>> {
  const name = blobName(scope);
  const blob = await readBlob(container, name);
  if (blob === undefined) return new Set();
  try {
    const known: unknown = JSON.parse(blob.body.toString());
    if (Array.isArray(known)) return new Set(known.filter((entry) => typeof entry === 'string'));
  } catch {
    // Said below, together with JSON that is no list.
  }
  log(
    `The list of reported findings ${container.containerName}/${name} is damaged; standing findings are told once more.`,
  );
  return new Set();
}

export async function writeKnown(container: ContainerClient, scope: Scope, known: ReadonlySet<string>): Promise<void> {
  await writeBlob(container, blobName(scope), Buffer.from(JSON.stringify([...known].toSorted())), 'application/json');
}

function blobName(scope: Scope): string {
  return `${scopeKey(scope)}/known-findings`;
}
