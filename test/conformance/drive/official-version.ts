// The same reads again at the version of which Microsoft's own documents are at hand; the newer ones are derived.
import type { Stage } from './stage';
import { NETWORK_API } from './stage';

const OFFICIAL_API = '2024-03-01';

export async function driveOfficialVersion(stage: Stage): Promise<void> {
  const read = stage.exchanges
    .filter(({ method, status, url }) => method === 'GET' && status === 200 && !/\/operation/i.test(url.pathname))
    .filter(({ url }) => url.searchParams.get('api-version') === NETWORK_API && !url.search.includes('skiptoken'))
    .map(({ url }) => url.pathname);
  for (const path of new Set(read)) {
    const answer = await stage.send({ method: 'GET', path: `${path}?api-version=${OFFICIAL_API}` });
    // Some of what was read has been moved or deleted since.
    if (answer.status !== 200 && answer.status !== 404) throw new Error(`${path} answered ${answer.status}`);
  }
}
