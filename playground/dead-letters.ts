/** Where Event Grid's dead letters go: blobs in the storage account, as the deployed event subscriptions say. */
import { BlobServiceClient } from '@azure/storage-blob';
import type { DeadLetter } from './azure';

/** Writes the letter; a container that is not there yet is made. Rejects when storage does. */
export async function storeDeadLetter(connectionString: string, letter: DeadLetter): Promise<void> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(letter.container);
  await container.createIfNotExists();
  await container.getBlockBlobClient(letter.path).uploadData(Buffer.from(letter.body));
}
