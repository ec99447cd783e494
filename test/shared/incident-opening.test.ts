import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../shared/change';
import type { Finding, Remedy } from '../../shared/finding';
import type { Cause } from '../../shared/incident';
import { openIncident } from '../../shared/incident-opening';
import type { PlannedRepair } from '../../shared/remediation/plan';

const GROUP = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg';
const NIC = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic';

const finding: Finding = {
  control: 'admin-ports-only-from-bastion',
  resource: GROUP,
  severity: 'high',
  title: 'nsg/allow lets others in',
  fingerprint: 'f',
  evidence: { exposures: [] },
  remedies: [],
  restsOn: [],
};

function changeOf(resourceId: string, name: string): Cause {
  const change: Change = {
    eventId: name,
    resourceId,
    subscriptionId: 's',
    operation: 'Microsoft.Network/networkInterfaces/write',
    kind: 'write',
    actor: { name },
    time: '2026-01-01T00:00:00Z',
  };
  return { kind: 'change', change };
}

function repairOf(kind: Remedy['kind'], resource: string): PlannedRepair {
  const action = { kind: 'edit-resource', resource: resource.toLowerCase(), edits: [] } as const;
  return { finding, remedy: { kind, title: 'put it back', actions: [action] }, proof: [], rejected: [] };
}

function causeGiven(causes: readonly Cause[], repairs: readonly PlannedRepair[]): Cause {
  return openIncident(undefined, {
    now: new Date(0),
    fence: 1,
    policyHash: 'hash',
    scope: { kind: 'network', subscriptionId: 's' },
    causes,
    plan: { repairs, held: [] },
    findings: [finding],
    gaps: [],
    outcomes: [],
    known: new Set(),
  }).cause;
}

describe('the change an incident is put down to', () => {
  const [dana, kim] = [changeOf(NIC, 'Dana'), changeOf(`${GROUP}/securityRules/allow`, 'Kim')];

  test('is the one of what was found, whichever came first', () => {
    expect(causeGiven([dana, kim], [repairOf('revert', NIC)])).toBe(kim);
  });

  test('is the one that is put back, where the finding names something else', () => {
    expect(causeGiven([dana], [repairOf('revert', NIC)])).toBe(dana);
  });

  test('is nobody’s where the remedy puts nothing back', () => {
    expect(causeGiven([dana], [repairOf('repair', NIC)])).toMatchObject({ kind: 'noticed' });
    expect(causeGiven([dana], [])).toMatchObject({ kind: 'noticed' });
  });
});
