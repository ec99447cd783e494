/** What an ARM answer says: its JSON, its error and its request id. */
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { isObject, textOf } from '../network/json';
import { AzureError, azureErrorFrom } from './error';

/** The value a JSON text holds; undefined for any other text, and for none. */
export function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** ARM's own code and message in a refusal; a body that has none gives `UnexpectedAnswer`. */
export function refusalIn({ bodyAsText }: PipelineResponse): { readonly code: string; readonly message: string } {
  const body = parsed(bodyAsText);
  const error = isObject(body) && isObject(body.error) ? body.error : {};
  return { code: textOf(error.code) ?? 'UnexpectedAnswer', message: textOf(error.message) ?? '' };
}

/** A read that ARM refused. */
export function refusedRead(response: PipelineResponse, resource: string): AzureError {
  const { code, message } = refusalIn(response);
  return azureErrorFrom({ statusCode: response.status, code, message, response }, 'read', resource);
}

/** An answer that says yes and is not what was asked for. */
export function unexpectedAnswer(response: PipelineResponse, resource: string, detail: string): AzureError {
  const requestId = response.headers.get('x-ms-request-id');
  const facts = { status: response.status, code: 'UnexpectedAnswer', requestId, retryable: true };
  return new AzureError({ operation: 'read', resource, ...facts }, detail);
}
