/** How a remedy that Azure refused is remembered while a run lasts. */
import type { Finding, Remedy } from '../finding';

/** The same remedy of the same finding has the same key. */
export function refusalKey({ fingerprint }: Finding, { title }: Remedy): string {
  return `${fingerprint} ${title}`;
}
