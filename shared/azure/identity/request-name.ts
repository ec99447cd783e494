/** Names of requests to PIM: the same for the same request, so that one that is sent twice is one. */
import { createHash } from 'node:crypto';

/** A GUID of version 5's form out of the given parts. */
export function requestName(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return groups.join('-');
}
