/** Reads and writes whole blobs; a container that is not there yet is made on the first write. */
import type { ContainerClient } from '@azure/storage-blob';
import { attempt, codeOf, statusOf } from './storage-error';

export interface StoredBlob {
  readonly body: Buffer;
  readonly etag: string | undefined;
}

/** Writes the blob, replacing what was there, and returns its new etag. */
export async function writeBlob(
  container: ContainerClient,
  name: string,
  body: Buffer,
  type: string,
): Promise<string | undefined> {
  const options = { blobHTTPHeaders: { blobContentType: type } };
  const upload = () => container.getBlockBlobClient(name).uploadData(body, options);
  return attempt(`writing ${container.containerName}/${name}`, async () => {
    try {
      return (await upload()).etag;
    } catch (error) {
      if (codeOf(error) !== 'ContainerNotFound') throw error;
      await container.createIfNotExists();
      return (await upload()).etag;
    }
  });
}

/**
 * Writes the blob if it still has the etag `known` (undefined: if there is none yet). False if somebody else wrote it.
 * `metadata` is kept with it.
 */
export async function writeBlobIf(
  container: ContainerClient,
  name: string,
  body: Buffer,
  type: string,
  known: string | undefined,
  metadata: Readonly<Record<string, string>> = {},
): Promise<{ readonly etag: string | undefined } | false> {
  const conditions = known === undefined ? { ifNoneMatch: '*' } : { ifMatch: known };
  const options = { blobHTTPHeaders: { blobContentType: type }, metadata: { ...metadata }, conditions };
  const upload = () => container.getBlockBlobClient(name).uploadData(body, options);
  return attempt(`writing ${container.containerName}/${name}`, async () => {
    for (let tries = 1; ; tries++) {
      try {
        return { etag: (await upload()).etag };
      } catch (error) {
        if (codeOf(error) === 'ContainerNotFound' && tries < 3) await container.createIfNotExists();
        else if (statusOf(error) === 412 || codeOf(error) === 'BlobAlreadyExists') return false;
        else if (known !== undefined && statusOf(error) === 404) return false;
        else throw error;
      }
    }
  });
}

/** The blob; undefined if there is none, `unchanged` if it still has the etag `known`, which then saves reading it. */
export async function readBlob(container: ContainerClient, name: string): Promise<StoredBlob | undefined>;
export async function readBlob(
  container: ContainerClient,
  name: string,
  known: string | undefined,
): Promise<StoredBlob | undefined | 'unchanged'>;
export async function readBlob(
  container: ContainerClient,
  name: string,
  known?: string,
): Promise<StoredBlob | undefined | 'unchanged'> {
  const conditions = known === undefined ? {} : { ifNoneMatch: known };
  return attempt(`reading ${container.containerName}/${name}`, async () => {
    try {
      const { readableStreamBody, etag } = await container.getBlobClient(name).download(0, undefined, { conditions });
      const chunks: Buffer[] = [];
      for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
      return { body: Buffer.concat(chunks), etag };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      if (statusOf(error) === 304) return 'unchanged';
      throw error;
    }
  });
}
