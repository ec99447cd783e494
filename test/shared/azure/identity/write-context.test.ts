import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { IdentityAction } from '../../../../shared/identity/action';
import { CONTEXTS, FREE, look, PUBLISH, type SignInTenant, startSignIn } from './sign-in-tenant';

describe('shared/azure/identity/write-context', () => {
  let local: SignInTenant;
  beforeAll(async () => {
    local = await startSignIn();
  });
  afterEach(() => local.reset());
  afterAll(() => local.stop());

  test('publishes a context that was withdrawn, and one that was deleted', async () => {
    await local.send('PATCH', `${CONTEXTS}/c1`, { isAvailable: false });
    const snapshot = await look(local.tenant);
    expect(await local.tenant.apply(snapshot, [PUBLISH], FREE)).toMatchObject([
      {
        resource: '/identity/conditionalaccess/authenticationcontextclassreferences/c1',
        status: 'applied',
        changes: [{ setting: 'isAvailable of context c1', before: 'false', after: 'true' }],
      },
    ]);
    expect(await local.send('GET', `${CONTEXTS}/c1`)).toMatchObject({
      isAvailable: true,
      description: 'Asked for when a role for Azure Bastion is activated.',
    });
    expect(await local.tenant.apply(snapshot, [PUBLISH], FREE)).toMatchObject([{ status: 'already' }]);
    const other: IdentityAction = { kind: 'publish-context', context: 'c7', name: 'Seven' };
    expect(await local.tenant.apply(snapshot, [other], FREE)).toMatchObject([{ status: 'applied' }]);
  });
});
