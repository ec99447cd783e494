import { describe, expect, test } from '@jest/globals';
import { judge } from '../../shared/judge';
import { EMPTY_NETWORK } from '../../shared/network/network';
import { readNetwork } from '../../shared/network/read';
import type { Snapshot } from '../../shared/ports';
import { BASTION_HOST, hubAndSpoke, policyWith, rule, SUBSCRIPTION, withRule } from '../estate';

function seenOn(day: string): Snapshot {
  const resources = hubAndSpoke();
  const { network, gaps } = readNetwork(resources);
  const scope = { kind: 'network', subscriptionId: SUBSCRIPTION } as const;
  return { scope, takenAt: new Date(`${day}T12:00:00Z`), network, gaps, resources };
}

const policy = policyWith({
  additionalSources: [{ sources: ['10.9.0.10'], owner: 'pam@contoso.example', reviewBy: '2026-06-30' }],
  identity: {
    allowedStanding: [
      { principal: '5a000000-0000-4000-8000-000000000002', owner: 'sam@contoso.example', reviewBy: '2026-01-01' },
    ],
  },
});

describe('shared/judge', () => {
  test('an exception whose review is overdue is told with its owner, and is no finding', () => {
    expect(judge(seenOn('2026-06-30'), policy).gaps).toEqual([]);
    const { findings, gaps } = judge(seenOn('2026-07-01'), policy);
    expect(findings).toEqual([]);
    expect(gaps).toEqual([
      expect.objectContaining({ what: 'review-overdue', why: expect.stringContaining('ask pam@contoso.example') }),
    ]);
  });

  test('what lies in another guarded subscription is judged by that one’s own look', () => {
    const other = '5ea1ab1e-0000-4000-8000-0000000000ff';
    const moved = hubAndSpoke().map((resource) =>
      JSON.parse(
        JSON.stringify(resource).replaceAll(`${SUBSCRIPTION}/resourceGroups/rg-hub`, `${other}/resourceGroups/rg-hub`),
      ),
    );
    const open = withRule(
      moved,
      'nsg-bastion',
      rule('foreign', 190, { destinationPortRange: '8443', sourceAddressPrefix: 'Internet' }),
    );
    const { network, gaps } = readNetwork(open);
    const seen: Snapshot = { ...seenOn('2026-06-01'), network, gaps, resources: open };
    const pinned = policyWith({ bastionHosts: [BASTION_HOST.replace(SUBSCRIPTION, other)] });
    const controls = (guarded: readonly string[]) =>
      judge(seen, pinned, guarded).findings.map(({ control }) => control);
    expect(controls([SUBSCRIPTION])).toContain('bastion-nsg-complete');
    expect(controls([SUBSCRIPTION, other.toUpperCase()])).not.toContain('bastion-nsg-complete');
  });

  test('of a subscription that could not be read at all nothing is judged', () => {
    const blind = { ...seenOn('2026-06-01'), network: EMPTY_NETWORK };
    expect(judge(blind, policy)).toEqual({ findings: [], gaps: [], skipped: [] });
  });

  test('a tenant nobody could read is judged no better', () => {
    const scope = { kind: 'identity', tenantId: '7e4a4700-0000-4000-8000-000000000001' } as const;
    const blind: Snapshot = { ...seenOn('2025-06-01'), scope, network: EMPTY_NETWORK };
    expect(judge(blind, policy).findings).toEqual([]);
  });
});
