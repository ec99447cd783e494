import { describe, expect, test } from '@jest/globals';
import { guardrailCredential } from '../../../shared/azure/credential';
import { startArm } from './arm-server';

describe('shared/azure/credential', () => {
  test('asks the platform for the token of the managed identity', async () => {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const platform = await startArm(() => ({ body: { access_token: 'from-the-platform', expires_on: `${expires}` } }));
    const identity = { IDENTITY_ENDPOINT: `${platform.origin}/msi/token`, IDENTITY_HEADER: 'platform-secret' };
    const before = { ...process.env };
    // The SDK reads the platform's variables from the process itself.
    Object.assign(process.env, identity);
    try {
      const credential = await guardrailCredential({ ...identity, AZURE_CLIENT_ID: 'client-1' });
      const token = await credential.getToken('https://management.azure.com/.default');
      expect(token?.token).toBe('from-the-platform');
      expect(platform.seen[0]).toMatchObject({
        path: '/msi/token',
        headers: { 'x-identity-header': 'platform-secret' },
      });
      expect(platform.seen[0]?.url).toContain('client_id=client-1');
    } finally {
      process.env = before;
      await platform.close();
    }
  });

  test('uses the signed-in person where there is no managed identity', async () => {
    expect((await guardrailCredential({})).constructor.name).toBe('DefaultAzureCredential');
  });
});
