/** Tells when nothing happens any more in a world unless time goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { at, listAt } from '../../playground/json';

/** Each look costs the app two peeks into its queues; the second one in a row only confirms. */
const LOOK_AGAIN_MS = { busy: 40, calm: 10 } as const;
const MOST_LOOKS = 2000;

/** Waits until no function runs, no message is in hand, and ARM has no write under way, twice in a row. */
export async function waitForQuiet(hostUrl: () => string, stateOfAzure: () => Promise<unknown>): Promise<void> {
  for (let calm = 0, looks = 0; calm < 2; looks++) {
    if (looks > MOST_LOOKS) throw new Error('the world does not come to rest');
    calm = (await isHostBusy(hostUrl())) || isAzureBusy(await stateOfAzure()) ? 0 : calm + 1;
    await sleep(calm > 0 ? LOOK_AGAIN_MS.calm : LOOK_AGAIN_MS.busy);
  }
}

/** A host that does not answer is being started again. */
async function isHostBusy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/admin/host/idle?timeoutMs=0`).then(
    (response) => response.json(),
    () => undefined,
  );
  // A message that waits for its next try waits for time to pass, not for us.
  const busy = listAt(answer, 'busy').filter((text) => !String(text).endsWith('to be tried again'));
  return answer === undefined || busy.length > 0;
}

function isAzureBusy(state: unknown): boolean {
  const isDelivering = Number(at(state, 'events', 'inFlight')) > 0;
  return isDelivering || JSON.stringify(at(state, 'resources')).includes('"Updating"');
}
