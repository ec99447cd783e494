/** The accepted state of the sign-in settings, kept aside: looking at them takes seconds, because Graph answers one request each. */
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';

/** The blobs in which the app keeps that state, by name. */
export type AcceptedTenant = ReadonlyMap<string, Buffer>;

/** What the app has accepted; empty when it guards no sign-in. */
export async function readAcceptedTenant(connectionString: string): Promise<AcceptedTenant> {
  const blobs = new Map<string, Buffer>();
  const container = baselinesIn(connectionString);
  if (!(await container.exists())) return blobs;
  for await (const { name } of container.listBlobsFlat({ prefix: 'identity-' })) {
    blobs.set(name, await container.getBlobClient(name).downloadToBuffer());
  }
  return blobs;
}

/** Puts it back where the app finds it. */
export async function writeAcceptedTenant(connectionString: string, accepted: AcceptedTenant): Promise<void> {
  const container = baselinesIn(connectionString);
  for (const [name, content] of accepted) await container.getBlockBlobClient(name).uploadData(content);
}

function baselinesIn(connectionString: string): ContainerClient {
  return BlobServiceClient.fromConnectionString(connectionString).getContainerClient('guardrail-baselines');
}
