/** Up to where the directory's audit log was read, per scope: one small blob in the container `guardrail-audit`. */
import type { ContainerClient } from '@azure/storage-blob';
import { type Scope, scopeKey } from '../scope';
import { readBlob, writeBlob } from './blob';
import { containerOf, type StorageConnection } from './storage';

const AUDIT_CONTAINER = 'guardrail-audit';

export interface AuditMarks {
  /** ISO 8601, the time of the last entry that was acted upon; undefined before the first. */
  read(scope: Scope): Promise<string | undefined>;
  write(scope: Scope, mark: string): Promise<void>;
}

/** The marks in the given storage account. One that is no time counts as none: an entry read twice does no harm. */
export function openAuditMarks(connection: StorageConnection): AuditMarks {
  let opened: Promise<ContainerClient> | undefined;
  function container(): Promise<ContainerClient> {
    opened ??= containerOf(connection, AUDIT_CONTAINER);
    return opened;
  }
  return {
    async read(scope) {
      const blob = await readBlob(await container(), nameFor(scope));
      const mark = blob?.body.toString().trim();
      return mark !== undefined && Date.parse(mark) > 0 ? mark : undefined;
    },
    async write(scope, mark) {
      await writeBlob(await container(), nameFor(scope), Buffer.from(mark), 'text/plain');
    },
  };
}

function nameFor(scope: Scope): string {
  return `${scopeKey(scope)}.txt`;
}
