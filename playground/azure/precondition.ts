// If-Match and If-None-Match, as the network provider honours them on parents and children alike.
import { ArmError } from './arm-error';
import type { Call } from './call';

function mismatch(id: string, given: string, current: string | undefined): ArmError {
  return new ArmError(412, 'PreconditionFailed', 'Precondition failed.', [
    {
      code: 'PreconditionFailedEtagMismatch',
      message: current
        ? `Etag provided in if-match header ${given} does not match etag ${current} of resource ${id} in NRP data store.`
        : `Etag provided in if-match header ${given} does not match any etag: resource ${id} does not exist.`,
    },
  ]);
}

/** Refuses with 412 when the caller's condition on the current etag does not hold; an `ETag` header says nothing. */
export function checkPrecondition(call: Call, id: string, etag: string | undefined): void {
  const wanted = call.headers.get('if-match');
  if (wanted !== null) {
    const accepted = wanted.split(',').map((entry) => entry.trim());
    const holds = etag !== undefined && (accepted.includes('*') || accepted.includes(etag));
    if (!holds) throw mismatch(id, wanted, etag);
  }
  if (call.headers.get('if-none-match')?.trim() !== '*' || etag === undefined) return;
  throw new ArmError(412, 'PreconditionFailed', 'Precondition failed.', [
    { code: 'PreconditionFailedResourceExists', message: `Resource ${id} already exists and if-none-match is *.` },
  ]);
}
