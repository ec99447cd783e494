/** Keeps a timer's status in the blob where the real host keeps it. */
import { BlobServiceClient } from '@azure/storage-blob';
import { parseJson, textAt } from '../json';
import type { ScheduleStatus, TimerStatusStore } from './timer';

/** The status blob of function `name`, under `azure-webjobs-hosts/timers/{hostId}/Host.Functions.{name}/status`. */
export function timerStatusBlob(connectionString: string, hostId: string, name: string): TimerStatusStore {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('azure-webjobs-hosts');
  const blob = container.getBlockBlobClient(`timers/${hostId}/Host.Functions.${name}/status`);

  async function read(): Promise<ScheduleStatus | undefined> {
    if (!(await blob.exists())) return undefined;
    const status = parseJson((await blob.downloadToBuffer()).toString('utf8'));
    if (Number.isNaN(Date.parse(textAt(status, 'Next')))) return undefined;
    return { Last: textAt(status, 'Last'), Next: textAt(status, 'Next'), LastUpdated: textAt(status, 'LastUpdated') };
  }

  async function write(status: ScheduleStatus): Promise<void> {
    await container.createIfNotExists();
    const body = JSON.stringify(status);
    await blob.upload(body, Buffer.byteLength(body));
  }

  return { read, write };
}
