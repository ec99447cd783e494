/** How a remedy that Azure refused is remembered while a run lasts. */
import type { Finding, Remedy } from '../finding';

/** The same writes for the same finding have the same key, whatever they are called: a revert may be a repair as well. */
export function refusalKey({ fingerprint }: Finding, { actions }: Remedy): string {
  return `${fingerprint} ${JSON.stringify(actions)}`;
}
