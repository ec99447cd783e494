import { describe, expect, test } from '@jest/globals';
import type { IdentityAction } from '../../../shared/identity/action';
import { identityAfter } from '../../../shared/identity/after';
import { APP, assigned, eligible, HUB, permission, role, settings, signInPolicy, STRONG, tenant } from './people';

const identity = tenant({
  roles: [role('bastion', permission(['*']))],
  assignments: [assigned('alex', 'bastion', HUB), eligible('alex', 'bastion', HUB), assigned('alex', 'bastion', APP)],
  policies: [signInPolicy('p', { users: { excludeUsers: ['a', 'b'] } }), signInPolicy('q')],
  roleSettings: [settings('bastion', HUB), settings('bastion', APP)],
});

function removal(rest: Partial<Extract<IdentityAction, { kind: 'remove-assignment' }>> = {}): IdentityAction {
  const whose = { scope: HUB, role: 'bastion', principal: 'alex', holding: 'assigned' as const };
  return { kind: 'remove-assignment', assignment: 'x', inPim: false, ...whose, ...rest };
}

describe('after an action', () => {
  test('a context is there and available', () => {
    const after = identityAfter(identity, { kind: 'publish-context', context: 'C1', name: 'Bastion' });
    expect(after.contexts.get('c1')).toEqual({ id: 'c1', name: 'Bastion', isAvailable: true });
    expect(identity.contexts.size).toBe(0);
  });

  test('a patched policy keeps what was left out, at every depth, and loses what was emptied', () => {
    const changes = {
      state: 'disabled',
      conditions: { users: { excludeUsers: [] }, platforms: null },
      sessionControls: null,
    };
    const [patched, other] = identityAfter(identity, {
      kind: 'patch-conditional-access',
      policy: 'p',
      changes,
    }).policies;
    expect(patched).toMatchObject({ name: 'p', state: 'disabled', sessionControls: null });
    expect(patched?.conditions.users).toEqual({ includeUsers: ['All'], excludeUsers: [], excludeGroups: [] });
    expect(patched?.conditions.clientAppTypes).toEqual(['all']);
    expect(other).toBe(identity.policies[1]);
  });

  test('another strength takes the place of the old one as a whole', () => {
    const copy = { id: 'weak', policyType: 'custom', allowedCombinations: ['password,sms'] };
    const before = tenant({
      policies: [signInPolicy('p', { grantControls: { operator: 'OR', authenticationStrength: copy } })],
    });
    const changes = { grantControls: { authenticationStrength: { id: STRONG.id } } };
    const [patched] = identityAfter(before, { kind: 'patch-conditional-access', policy: 'p', changes }).policies;
    expect(patched?.grantControls).toEqual({ operator: 'OR', authenticationStrength: { id: STRONG.id } });
  });

  test('a created policy is there with what it was created with', () => {
    const body = { displayName: 'Bastion', state: 'enabled', conditions: { clientAppTypes: ['all'] } };
    const after = identityAfter(identity, { kind: 'create-conditional-access', name: 'Bastion', body });
    expect(after.policies.at(-1)).toMatchObject({ id: 'new:bastion', state: 'enabled', grantControls: null });
  });

  test('settings have the new rules at that scope and nowhere else, in force at once', () => {
    const rule = { id: 'Expiration_EndUser_Assignment', maximumDuration: 'PT8H' };
    const action = { kind: 'patch-role-settings', scope: HUB, role: 'bastion', rules: [rule] } as const;
    const [hub, app] = identityAfter(identity, action).roleSettings;
    expect([hub?.rules.size, hub?.effectiveRules.get(rule.id)]).toEqual([2, rule]);
    expect(app).toBe(identity.roleSettings[1]);
  });

  test('the removed assignment is gone, and only that', () => {
    const after = identityAfter(identity, removal());
    expect(after.assignments).toEqual(identity.assignments.slice(1));
    expect(identityAfter(identity, removal({ holding: 'planned' })).assignments).toEqual(identity.assignments);
  });

  test('a restored role has the permissions it was given, and keeps its name', () => {
    const permissions = {
      actions: ['Microsoft.Network/bastionHosts/read'],
      notActions: [],
      dataActions: [],
      notDataActions: [],
    };
    const action = { kind: 'restore-role', resource: '/r', role: 'bastion', permissions } as const;
    expect(identityAfter(identity, action).roles.get('bastion')).toMatchObject({
      name: 'bastion',
      permissions: [permissions],
    });
    const listed = { ...action, permissions: { permissions: [permissions] } };
    expect(identityAfter(identity, listed).roles).toEqual(identityAfter(identity, action).roles);
  });
});
