/** What went wrong at the storage account, in a sentence with the next step. */
import { objectOf, textOf } from '../network/json';

/** Azure's error code, whichever of its clients reports it; undefined for errors that are not Azure's. */
export function codeOf(error: unknown): string | undefined {
  const { code, details } = objectOf(error);
  const { errorCode, odataError } = objectOf(details);
  return textOf(objectOf(odataError).code) ?? textOf(errorCode) ?? textOf(code);
}

/** The HTTP status of Azure's answer, if there was one. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = objectOf(error);
  return typeof statusCode === 'number' ? statusCode : undefined;
}

/** Runs `work` and turns what the client throws into one sentence: what was attempted, on what, and what to do next. */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const status = statusOf(error);
    const answer = [codeOf(error) ?? 'no answer', ...(status === undefined ? [] : [`status ${status}`])].join(', ');
    throw new Error(`Storage: ${what} failed (${answer}). ${nextStep(status)}`, { cause: error });
  }
}

function nextStep(status: number | undefined): string {
  if (status === 401 || status === 403) {
    return 'Grant the app Storage Blob Data Owner, Storage Queue Data Contributor and Storage Table Data Contributor, and check the account’s firewall.';
  }
  if (status === 400) return 'Check that AzureWebJobsStorage names an account with Blob, Queue and Table endpoints.';
  return 'Check AzureWebJobsStorage and that the account can be reached; it is tried again with the next run.';
}
