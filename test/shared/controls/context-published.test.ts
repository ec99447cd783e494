import { describe, expect, test } from '@jest/globals';
import { contextPublished } from '../../../shared/controls/context-published';
import type { Finding } from '../../../shared/finding';
import { EMPTY_IDENTITY, type Identity } from '../../../shared/identity/identity';
import { NOW, signInAs, tenant } from '../../tenant';
import { repaired } from './sign-in-controls';

function check(identity: Identity, policy = signInAs()): readonly Finding[] {
  return contextPublished.check(identity, policy, NOW).findings;
}

const withdrawn = { ...tenant(), contexts: new Map([['c1', { id: 'c1', name: 'Bastion', isAvailable: false }]]) };

describe('context-published', () => {
  test.each<[string, Identity, ReturnType<typeof signInAs>]>([
    ['a published context', tenant(), signInAs()],
    [
      'other contexts that are withdrawn',
      { ...tenant(), contexts: new Map([...tenant().contexts, ['c2', { id: 'c2', name: '', isAvailable: false }]]) },
      signInAs(),
    ],
    ['no context where the management API is guarded', withdrawn, signInAs({ signIn: 'management-api' })],
    ['a tenant of which nothing was read', EMPTY_IDENTITY, signInAs()],
  ])('allows %s', (_, identity, policy) => {
    expect(check(identity, policy)).toEqual([]);
  });

  test.each<[string, Identity, ReturnType<typeof signInAs>, string]>([
    ['a context that is withdrawn', withdrawn, signInAs(), 'c1 is not published'],
    ['a context that is deleted', { ...tenant(), contexts: new Map() }, signInAs(), 'c1 is not there'],
    ['the context the policy names, and no other', tenant(), signInAs({ context: 'c7' }), 'c7 is not there'],
  ])('finds %s and publishes it', (_, identity, policy, title) => {
    const [finding] = check(identity, policy);
    expect(finding?.title).toContain(title);
    const remedy = finding?.remedies[0];
    expect(remedy && check(repaired(identity, remedy), policy)).toEqual([]);
  });

  test('keeps the name of a context that is there', () => {
    expect(check(withdrawn)[0]?.remedies[0]?.actions).toEqual([
      { kind: 'publish-context', context: 'c1', name: 'Bastion' },
    ]);
  });
});
