// The local directory driven by Microsoft's own Graph client: pages, a change, and a refusal.
import { expect, test } from '@jest/globals';
import { Client, GraphError, HTTPMessageHandler } from '@microsoft/microsoft-graph-client';
import { at, listAt, textAt } from '../../../playground/azure/json';
import { personToken } from '../../../playground/azure/token';
import { CONTEXTS, ID, NOW, POLICIES, startTenant } from './graph-tenant';

test('the Graph client pages, writes and understands refusals', async () => {
  const tenant = await startTenant();
  // The client's own sign-in sends tokens to https only, and its PageIterator follows links to https only.
  const client = Client.initWithMiddleware({
    baseUrl: tenant.url,
    middleware: new HTTPMessageHandler(),
    fetchOptions: { headers: { authorization: `Bearer ${personToken('alex@contoso.example', NOW)}` } },
  });
  try {
    await tenant.control('POST', 'faults', { pageSize: 2 });
    const seen: (string | undefined)[] = [];
    let path: string | undefined = '/users?$select=id,userType&$top=999';
    while (path !== undefined) {
      const page: unknown = await client.api(path).get();
      seen.push(...listAt(page, 'value').map((user) => textAt(user, 'userType')));
      path = textAt(page, '@odata.nextLink')?.replace(`${tenant.url}/v1.0`, '');
    }
    expect(seen).toEqual(['Member', 'Member', 'Member', 'Guest', 'Member', 'Member']);

    await client.api(`${CONTEXTS}/c2`).patch({ displayName: 'Vault', isAvailable: true });
    const context: unknown = await client.api(`${CONTEXTS}/c2`).get();
    expect(at(context, 'displayName')).toBe('Vault');

    const refused: unknown = await client
      .api(`${POLICIES}/${ID.policy}`)
      .patch({ state: 'on' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(GraphError);
    if (refused instanceof GraphError) expect([refused.statusCode, refused.code]).toEqual([400, 'BadRequest']);
  } finally {
    await tenant.stop();
  }
});
