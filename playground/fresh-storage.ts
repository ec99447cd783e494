/** Empties the app's storage in place: rows, messages and blobs go, the tables, queues and containers stay. */
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';

/** Rejects when storage does. The app may keep running: nothing it has created disappears under it but its contents. */
export async function emptyStorage(connectionString: string): Promise<void> {
  await Promise.all([emptyQueues(connectionString), emptyTables(connectionString), emptyBlobs(connectionString)]);
}

async function emptyQueues(connectionString: string): Promise<void> {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  for await (const queue of service.listQueues()) await service.getQueueClient(queue.name).clearMessages();
}

async function emptyTables(connectionString: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const service = TableServiceClient.fromConnectionString(connectionString, options);
  for await (const { name } of service.listTables()) {
    if (name === undefined) continue;
    const table = TableClient.fromConnectionString(connectionString, name, options);
    for await (const { partitionKey, rowKey } of table.listEntities({
      queryOptions: { select: ['partitionKey', 'rowKey'] },
    })) {
      if (partitionKey !== undefined && rowKey !== undefined) await table.deleteEntity(partitionKey, rowKey);
    }
  }
}

async function emptyBlobs(connectionString: string): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name } of service.listContainers()) {
    const container = service.getContainerClient(name);
    for await (const blob of container.listBlobsFlat()) {
      const client = container.getBlobClient(blob.name);
      // A lease that a stopped reconcile left behind would keep its blob.
      if (blob.properties.leaseState === 'leased') await client.getBlobLeaseClient().breakLease(0);
      await client.deleteIfExists();
    }
  }
}
