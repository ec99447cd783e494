/** Connects to the storage account; the SDK's packages are loaded on first use because a cold start pays for each. */
import type { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import type { ContainerClient } from '@azure/storage-blob';
import type { QueueClient } from '@azure/storage-queue';

/** `AzureWebJobsStorage` in its two forms: a connection string, or service URIs and an identity. */
export type StorageConnection =
  | { readonly connectionString: string }
  | {
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly credential: TokenCredential;
    };

const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/i;

/** A client for one table; nothing is sent and nothing created yet. */
export async function tableOf(connection: StorageConnection, name: string): Promise<TableClient> {
  const { TableClient } = await import('@azure/data-tables');
  const retryOptions = { maxRetries: 2, maxRetryDelayInMs: 4_000 };
  if (!('connectionString' in connection)) {
    return new TableClient(httpsOnly(connection.tableServiceUri), name, connection.credential, { retryOptions });
  }
  const { connectionString } = connection;
  const allowInsecureConnection = isLocal(connectionString);
  return understood(() =>
    TableClient.fromConnectionString(connectionString, name, { retryOptions, allowInsecureConnection }),
  );
}

/** A client for one blob container; nothing is sent and nothing created yet. */
export async function containerOf(connection: StorageConnection, name: string): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const retryOptions = { maxTries: 3, maxRetryDelayInMs: 4_000, tryTimeoutInMs: 15_000 };
  if ('connectionString' in connection) {
    isLocal(connection.connectionString);
    return BlobServiceClient.fromConnectionString(connection.connectionString, { retryOptions }).getContainerClient(
      name,
    );
  }
  const service = new BlobServiceClient(httpsOnly(connection.blobServiceUri), connection.credential, { retryOptions });
  return service.getContainerClient(name);
}

/** A client for one queue; nothing is sent and nothing created yet. */
export async function queueOf(connection: StorageConnection, name: string): Promise<QueueClient> {
  const { QueueServiceClient } = await import('@azure/storage-queue');
  const retryOptions = { maxTries: 3, maxRetryDelayInMs: 4_000, tryTimeoutInMs: 15_000 };
  if ('connectionString' in connection) {
    isLocal(connection.connectionString);
    return QueueServiceClient.fromConnectionString(connection.connectionString, { retryOptions }).getQueueClient(name);
  }
  const service = new QueueServiceClient(httpsOnly(connection.queueServiceUri), connection.credential, {
    retryOptions,
  });
  return service.getQueueClient(name);
}

/** Whether plain http is meant and acceptable: to an emulator on this machine only. */
function isLocal(connectionString: string): boolean {
  const parts = new Map(
    connectionString.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const];
    }),
  );
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return true;
  const [blob = '', table = '', queue = ''] = ['blobendpoint', 'tableendpoint', 'queueendpoint'].map((name) =>
    parts.get(name),
  );
  const endpoints = [blob, table, queue];
  // A connection string may leave the queues out, but never name some that are elsewhere.
  const local = [blob, table, ...(queue === '' ? [] : [queue])].every((endpoint) => LOOPBACK.test(endpoint));
  const plain = endpoints.some((endpoint) => endpoint.toLowerCase().startsWith('http://'));
  if (!local && (plain || parts.get('defaultendpointsprotocol')?.toLowerCase() === 'http')) {
    throw new Error(
      'AzureWebJobsStorage: plain http is accepted for loopback only; use DefaultEndpointsProtocol=https.',
    );
  }
  return local;
}

/** The SDKs crash on some malformed connection strings and quote parts of others; a key may be among them. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Error(
      'AzureWebJobsStorage: this is no connection string of a storage account; copy it again, or use service URIs.',
    );
  }
}

function httpsOnly(uri: string): string {
  if (uri.toLowerCase().startsWith('https://')) return uri;
  throw new Error(
    'AzureWebJobsStorage: a service URI must start with https://, because an identity’s token goes there.',
  );
}
