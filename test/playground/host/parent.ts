/** A parent to be killed: starts a host and the storage, says their process ids, and then only waits. */
import { startHost } from '../../../playground/host/child';
import { startStorage } from '../../../playground/storage';

async function main(): Promise<void> {
  const [script = '', directory = ''] = process.argv.slice(2);
  const storage = await startStorage();
  const host = await startHost({ script, directory, environment: { PATH: process.env['PATH'] } });
  process.stdout.write(`${JSON.stringify({ host: host.pid, storage: storage.pid })}\n`);
}

void main();
