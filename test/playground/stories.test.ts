import { rmSync } from 'node:fs';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { at, isObject, listAt, parseJson, textAt } from '../../playground/json';
import { type Playground, startPlayground } from '../../playground/playground';
import { stories } from '../../playground/stories';
import { inboundRule, nsgApp, subscription } from '../../playground/stories/scene';
import { createStage, type Stage } from '../../playground/stories/stage';
import { type BuiltApp, buildApp } from './built-app';
import { bundleHost } from './host/sample-host';

/** One of each kind; `npm run demo` plays every story, and so does the whole check of a change. */
const HERE = ['rdp-from-internet', 'contain', 'halt', 'peering-deleted'];

describe('the stories on the guardrail itself, held to the role it is deployed with', () => {
  let built: BuiltApp;
  let script: string;
  let playground: Playground;
  let isFresh = true;

  beforeAll(async () => {
    built = buildApp();
    script = bundleHost();
    playground = await startPlayground({
      app: built.app,
      cliScript: built.cliScript,
      hostScript: script,
      rbac: true,
    });
  }, 60_000);
  beforeEach(async () => {
    if (!isFresh) await playground.reset();
    isFresh = false;
  });
  afterAll(async () => {
    await playground.close();
    rmSync(script);
    built.remove();
  });

  function stage(): Stage {
    return createStage(playground, { print: () => {}, say: () => {}, wantsDetail: false });
  }

  test.each(stories.filter(({ name }) => HERE.includes(name)).map((story) => [story.title, story] as const))(
    '"%s" ends as it should',
    async (_, story) => {
      const played = stage();
      await story.play(played);
      expect(played.checks().filter((check) => !check.holds)).toEqual([]);
      expect(played.checks().length).toBeGreaterThan(5);
      const requests = listAt(await played.control('GET', '/requests')).filter(isObject);
      expect(requests.filter((request) => request['status'] === 403)).toEqual([]);
    },
    60_000,
  );

  test('what the role does not name is refused to the guardrail, and to nobody else', async () => {
    const { endpoints } = playground;
    const { endpoint, header } = endpoints.identity;
    const asked = `${endpoint}?api-version=2019-08-01&resource=https://management.azure.com/`;
    const granted = await fetch(asked, { headers: { 'x-identity-header': header } });
    const token = textAt(parseJson(await granted.text()), 'access_token');
    const network = nsgApp.replace(/networkSecurityGroups.*/, 'virtualNetworks/vnet-app');
    const answer = await fetch(`${endpoints.arm}${network}?api-version=2024-05-01`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(403);
    expect(at(await stage().get(nsgApp), 'name')).toBe('nsg-app');
  });

  test('what Event Grid gives up on is kept in the storage account', async () => {
    const played = stage();
    const name = 'guardrail-dead-letters';
    await playground.host.kill('SIGKILL');
    try {
      await played.faults({ events: { retryScale: 0 } });
      const properties = inboundRule({
        access: 'Allow',
        priority: 330,
        sourceAddressPrefix: '10.1.0.0/24',
        destinationPortRange: '8443',
      });
      await played.put('Dana Ops', `${nsgApp}/securityRules/allow-8443`, { properties });
      const container = BlobServiceClient.fromConnectionString(playground.endpoints.storage).getContainerClient(name);
      await played.until('the dead letter is there', async () => {
        if (!(await container.exists())) return false;
        for await (const blob of container.listBlobsFlat()) {
          const text = (await container.getBlobClient(blob.name).downloadToBuffer()).toString('utf8');
          return (
            blob.name.startsWith('GUARDRAIL-NSG-CHANGED/') && textAt(parseJson(text), 0, 'topic').includes(subscription)
          );
        }
        return false;
      });
      expect(played.checks()).toContainEqual({ claim: 'the dead letter is there', holds: true });
    } finally {
      await playground.host.restart();
    }
  }, 40_000);
});
