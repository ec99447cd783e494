import { afterEach, describe, expect, test } from '@jest/globals';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import { endpointOf, isLoopback } from '../../../shared/azure/endpoint';
import { guardedHttpClient } from '../../../shared/azure/wire';
import { type ArmServer, startArm } from './arm-server';
import { FREE_TURN, NSG, NSG_KEY, SCOPE, securityGroup, snapshotOf, tenantAt, TOKEN } from './fixture';

const AZURE = 'https://management.azure.com';
const servers: ArmServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(...args: Parameters<typeof startArm>): Promise<ArmServer> {
  const server = await startArm(...args);
  servers.push(server);
  return server;
}

/** Instead of the network: notes where a request would have gone. */
function recorder(): { client: HttpClient; sent: PipelineRequest[] } {
  const sent: PipelineRequest[] = [];
  const client: HttpClient = {
    async sendRequest(request) {
      sent.push(request);
      return { request, status: 200, headers: createHttpHeaders({}), bodyAsText: '{"value":[]}' };
    },
  };
  return { client, sent };
}

describe('shared/azure/wire', () => {
  test.each([
    ['https://management.azure.com', false],
    ['https://localhost.attacker.example', false],
    ['http://127.0.0.1.attacker.example', false],
    ['http://127.0.0.1:7071', true],
    ['https://localhost:8443', true],
    ['http://[::1]:80', true],
  ])('%s is loopback: %s', (url, expected) => {
    expect(isLoopback(url)).toBe(expected);
  });

  test('without a loopback setting the request goes to Azure, unchanged', async () => {
    const { client, sent } = recorder();
    await tenantAt(AZURE, client).observe(SCOPE, []);
    expect(sent).toHaveLength(12);
    for (const request of sent) {
      expect(new URL(request.url).origin).toBe(AZURE);
      expect(request.allowInsecureConnection).toBe(false);
      expect(request.headers.has('X-Forwarded-Host')).toBe(false);
    }
  });

  test.each([
    'https://management.azure.com.attacker.example/x',
    'https://management.azure.com:444/x',
    'https://user@attacker.example/x',
    'http://management.azure.com/x',
    'http://127.0.0.1:1/x',
    'https://management.usgovcloudapi.net/x',
  ])('a signed request to %s is refused before it is sent', async (url) => {
    const { client, sent } = recorder();
    const request = createPipelineRequest({ url, headers: createHttpHeaders({ authorization: `Bearer ${TOKEN}` }) });
    const refused = guardedHttpClient(endpointOf(AZURE), client).sendRequest(request);
    await expect(refused).rejects.toMatchObject({ code: 'ForeignHost', retryable: false });
    await expect(refused).rejects.not.toThrow(TOKEN);
    expect(sent).toEqual([]);
  });

  test('the request that the client holds keeps its address', async () => {
    const { client, sent } = recorder();
    const request = createPipelineRequest({ url: `${AZURE}${NSG}?api-version=1`, method: 'PUT', body: '{}' });
    const response = await guardedHttpClient(endpointOf('http://127.0.0.1:7071'), client).sendRequest(request);
    expect(response.request).toBe(request);
    expect(request.url).toBe(`${AZURE}${NSG}?api-version=1`);
    expect(sent[0]).toMatchObject({ url: `http://127.0.0.1:7071${NSG}?api-version=1`, method: 'PUT', body: '{}' });
  });

  test('a nextLink to a foreign host is a gap, and the host never hears of it', async () => {
    const foreign = await serve(() => ({ body: { value: [] } }));
    const arm = await serve(({ path }) => ({
      body: { value: [], ...(path.endsWith('/virtualNetworks') && { nextLink: `${foreign.origin}/steal` }) },
    }));
    const https = await serve(({ path }) => ({
      body: { value: [], ...(path.endsWith('/virtualNetworks') && { nextLink: 'https://attacker.example/steal' }) },
    }));
    const overHttp = await tenantAt(arm.origin).observe(SCOPE, []);
    const overHttps = await tenantAt(https.origin).observe(SCOPE, []);
    expect(overHttp.gaps).toHaveLength(1);
    expect(overHttps.gaps[0]?.why).toMatch(
      /https:\/\/attacker\.example\/steal: ForeignHost.*the token was not sent there/,
    );
    expect(foreign.seen).toEqual([]);
  });

  test('an operation to be followed on a foreign host, or a redirect there, fails without a request', async () => {
    const foreign = await serve(() => ({ body: { status: 'Succeeded' } }));
    for (const target of [foreign.origin, 'https://attacker.example']) {
      const polled = await serve(() => ({
        headers: { 'azure-asyncoperation': `${target}/op` },
        body: securityGroup(),
      }));
      const moved = await serve(() => ({ status: 307, headers: { location: `${target}${NSG}` } }));
      for (const arm of [polled, moved]) {
        const action = { kind: 'remove-rule', securityGroup: NSG_KEY, rule: 'allow-rdp' } as const;
        const [outcome] = await tenantAt(arm.origin).apply(snapshotOf(securityGroup()), [action], FREE_TURN);
        expect(outcome).toMatchObject({ status: 'failed' });
        expect(JSON.stringify(outcome)).not.toContain(TOKEN);
      }
    }
    expect(foreign.seen).toEqual([]);
  });
});
