import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { AzureError, azureErrorFrom, withoutSecretText } from '../../../shared/azure/error';
import { NSG, TOKEN } from './fixture';

function restError(status: number | undefined, code: string, message = 'because'): RestError {
  const request = createPipelineRequest({
    url: `https://management.azure.com${NSG}`,
    headers: createHttpHeaders({ authorization: `Bearer ${TOKEN}` }),
  });
  const headers = createHttpHeaders({ 'x-ms-request-id': 'req-1' });
  const response = status === undefined ? {} : { response: { request, status, headers }, statusCode: status };
  return new RestError(message, { code, request, ...response });
}

describe('shared/azure/error', () => {
  test('says what was attempted, on what, what came back, what to do next, and the request id', () => {
    const error = azureErrorFrom(restError(403, 'AuthorizationFailed', 'The client has no permission.'), 'change', NSG);
    expect(error.message).toBe(
      `Could not change ${NSG}: 403 AuthorizationFailed: The client has no permission. ` +
        "Assign the role in infra/roles/network.json to the guardrail's identity on the subscription. Request id req-1.",
    );
    expect(error).toMatchObject({
      name: 'AzureError',
      operation: 'change',
      resource: NSG,
      status: 403,
      requestId: 'req-1',
    });
  });

  test('never shows a token or a signature, however it is printed', () => {
    const hostile = `Bearer ${TOKEN} and https://x.blob.core.windows.net/c?sv=1&sig=abc%2Fdef and AccountKey=zzz==;x`;
    const error = azureErrorFrom(restError(400, 'BadRequest', hostile), 'change', NSG);
    for (const text of [
      error.message,
      String(error),
      inspect(error, { depth: 9 }),
      JSON.stringify(error),
      error.stack ?? '',
    ]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toMatch(/abc%2Fdef|zzz|secret-token/);
    }
    expect(withoutSecretText('nothing to hide')).toBe('nothing to hide');
  });

  test.each([
    [408, 'RequestTimeout', true],
    [429, 'TooManyRequests', true],
    [500, 'InternalServerError', true],
    [503, 'ServiceUnavailable', true],
    [409, 'AnotherOperationInProgress', true],
    [409, 'ScopeLocked', false],
    [409, 'Conflict', false],
    [412, 'PreconditionFailed', false],
    [401, 'InvalidAuthenticationToken', false],
    [undefined, 'ECONNRESET', true],
    [undefined, 'ENOTFOUND', true],
  ])('%s %s may succeed later: %s', (status, code, retryable) => {
    expect(azureErrorFrom(restError(status, code), 'read', NSG)).toMatchObject({ status, code, retryable });
  });

  test('a missing identity and a time limit have codes of their own', () => {
    const noIdentity = Object.assign(new Error('no identity'), { name: 'CredentialUnavailableError' });
    expect(azureErrorFrom(noIdentity, 'read', NSG)).toMatchObject({ code: 'NoCredential', retryable: true });
    expect(azureErrorFrom(noIdentity, 'read', NSG).message).toContain('az login');
    expect(azureErrorFrom(AbortSignal.abort().reason, 'read', NSG)).toMatchObject({ code: 'Timeout', retryable: true });
  });

  test('stays what it is, and bears whatever is thrown', () => {
    const error = azureErrorFrom(new Error('x'), 'read', NSG);
    expect(azureErrorFrom(error, 'change', 'other')).toBe(error);
    for (const thrown of [undefined, null, 'text', 7, {}, { code: 7, statusCode: 'x' }]) {
      expect(azureErrorFrom(thrown, 'read', NSG)).toBeInstanceOf(AzureError);
    }
  });
});
