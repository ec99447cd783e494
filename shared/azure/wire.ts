/**
 * The last step before the network. A token leaves only for the configured Azure host, or for loopback when the endpoint
 * setting says so: a nextLink, a polling address or a redirect that points elsewhere is refused.
 *
 * The Azure clients refuse to send a token over http, so for a loopback endpoint they keep the canonical host and the
 * request is redirected here, below the policy that signs it. The far side learns the canonical host from
 * X-Forwarded-Host and writes it into its links.
 */
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Endpoint } from './endpoint';
import { AzureError } from './error';

/** An HTTP client for Azure's clients that sends to `endpoint` and to nothing else. */
export function guardedHttpClient(endpoint: Endpoint, inner: HttpClient = createDefaultHttpClient()): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const url = new URL(request.url);
      if (url.origin !== endpoint.canonical) throw foreignHost(request, url, endpoint);
      // A new request: changing the URL of this one would mislead the final read of a long-running operation.
      const sent = createPipelineRequest({
        ...request,
        url: `${endpoint.actual}${url.pathname}${url.search}`,
        headers: createHttpHeaders(request.headers.toJSON({ preserveCase: true })),
        allowInsecureConnection: endpoint.actual !== endpoint.canonical,
      });
      if (endpoint.actual !== endpoint.canonical) {
        sent.headers.set('X-Forwarded-Host', url.host);
        sent.headers.set('X-Forwarded-Proto', 'https');
      }
      const response = await inner.sendRequest(sent);
      return { ...response, request };
    },
  };
}

function foreignHost(request: PipelineRequest, url: URL, endpoint: Endpoint): AzureError {
  const facts = { operation: request.method === 'GET' ? 'read' : 'send', code: 'ForeignHost', retryable: false };
  return new AzureError(
    { ...facts, resource: `${url.origin}${url.pathname}` },
    `the address is not at ${endpoint.canonical}, so the token was not sent there`,
  );
}
