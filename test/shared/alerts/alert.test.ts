import { describe, expect, test } from '@jest/globals';
import { alertOf } from '../../../shared/alerts/alert';
import { renderText } from '../../../shared/alerts/text';
import type { Exposure, Witness } from '../../../shared/finding';
import type { Outcome } from '../../../shared/remediation/outcome';
import { aFinding, anIncident, EXPOSURE, GROUP, WITNESS } from './an-incident';

const PACKET =
  '203.0.113.7:49152 → vm-app-1 (10.1.0.4):3389/tcp, allowed by nsg-App/allow-rdp (priority 120), door pip-vm-app-1';

const UNTOUCHED = { resource: GROUP.toLowerCase(), requestIds: [], changes: [] };

function packetOf(exposure: Partial<Exposure>, witness: Partial<Witness> = {}): string | undefined {
  const evidence = { exposures: [{ ...EXPOSURE, ...exposure }], witness: { ...WITNESS, ...witness } };
  return alertOf(anIncident({ findings: [aFinding({ evidence })] })).findings[0]?.packet;
}

describe('shared/alerts/alert', () => {
  test('tells who changed what, the packet, what was done, the rule before and after, and how long it took', () => {
    expect(renderText(alertOf(anIncident()))).toMatchSnapshot();
  });

  test('shows the witness packet with the rule and the door that let it in', () => {
    expect(alertOf(anIncident()).findings[0]?.packet).toBe(PACKET);
  });

  test('writes an IPv6 source in brackets and names both layers that allow', () => {
    const decidedBy = [
      { layer: 'subnet', securityGroup: GROUP, rule: 'a', priority: 100 },
      { layer: 'interface', securityGroup: '/x/nsg-nic', rule: 'b', priority: 200 },
    ] as const;
    expect(packetOf({ decidedBy, doors: [] }, { source: '2001:db8::7' })).toBe(
      '[2001:db8::7]:49152 → vm-app-1 (10.1.0.4):3389/tcp, allowed by nsg-App/a (priority 100) and nsg-nic/b (priority 200), no open door',
    );
  });

  test('takes the door of the inside for a packet from the inside', () => {
    const doors = [...EXPOSURE.doors, { kind: 'peering', id: '/p', name: 'data-to-app' } as const];
    expect(packetOf({ doors }, { source: '10.2.0.4' })).toMatch(/door data-to-app$/);
  });

  test('takes the door that the path of the packet names, and none where the path has none', () => {
    const doors = [...EXPOSURE.doors, { kind: 'public-ip', id: '/q', name: 'pip-other' } as const];
    expect(packetOf({ doors }, { path: ['door pip-other', 'nsg-App/allow-rdp (priority 120)'] })).toMatch(
      /, door pip-other$/,
    );
    expect(packetOf({ doors }, { path: ['no open door yet'] })).toMatch(/, no open door$/);
  });

  test('says what the sender addresses where a door forwards', () => {
    const door = { kind: 'inbound-nat', id: '/lb', name: 'lb-app/ssh', frontendPort: 50001 } as const;
    const through = (frontend: string): string =>
      packetOf({ doors: [{ ...door, frontend }] }, { path: ['door lb-app/ssh'] }) ?? '';
    expect(through('198.51.100.1')).toMatch(/\), sent to 198\.51\.100\.1:50001, door lb-app\/ssh$/);
    expect(through('2001:db8::1')).toMatch(/, sent to \[2001:db8::1\]:50001, door lb-app\/ssh$/);
  });

  test('finds the exposure of a subnet by the address inside its prefix', () => {
    const packet = packetOf({ endpointName: 'snet-app', address: '10.1.0.0/24' });
    expect(packet).toContain('→ snet-app (10.1.0.4):3389/tcp, allowed by nsg-App/allow-rdp');
  });

  test('puts the worst finding first, and what was repaired in the headline, and counts the others', () => {
    const latent = aFinding({ severity: 'low', fingerprint: 'a', title: 'latent' });
    const hold = { reason: 'report-only', detail: 'the mode is report' } as const;
    const alert = alertOf(anIncident({ findings: [aFinding(), latent], held: [{ finding: latent, hold }] }));
    expect(alert.findings.map(({ severity }) => severity)).toEqual(['critical', 'low']);
    expect(alert.headline).toBe('Repaired: vm-app-1: 3389/tcp is open to the Internet; 1 held back');
    const both = alertOf(anIncident({ findings: [aFinding(), latent] }));
    expect(both.headline).toBe('Repaired: vm-app-1: 3389/tcp is open to the Internet');
    const held = alertOf(anIncident({ status: 'held', findings: [latent, aFinding()] }));
    expect(held.headline).toMatch(/vm-app-1: 3389\/tcp is open to the Internet \(and 1 more\)$/);
  });

  test('says why a finding is held and that nothing was changed', () => {
    const finding = aFinding();
    const hold = { reason: 'standing', detail: 'It was there before; approve the repair.' } as const;
    const held = alertOf(anIncident({ status: 'held', repairs: [], outcomes: [], held: [{ finding, hold }] }));
    expect(held.findings[0]?.ending).toEqual({
      kind: 'held',
      text: 'Held back (standing): It was there before; approve the repair.',
    });
    expect(held.notes).toEqual(['What is held back was not changed: it stays as shown until a person acts.']);
  });

  test.each<[Outcome, RegExp]>([
    [
      { ...UNTOUCHED, status: 'failed', why: 'the group is locked.', retryable: false },
      /failed: the group is locked. A person must act/,
    ],
    [{ ...UNTOUCHED, status: 'failed', why: '429.', retryable: true }, /It will be tried again/],
    [{ ...UNTOUCHED, status: 'superseded' }, /Somebody changed nsg-app in between/],
    [{ ...UNTOUCHED, status: 'applied' }, /The finding is still there/],
  ])('says of a repair that did not work what went wrong (%#)', (result, expected) => {
    const alert = alertOf(anIncident({ status: 'failed', outcomes: [result] }));
    expect(alert.findings[0]?.ending).toMatchObject({ kind: 'failed', text: expect.stringMatching(expected) });
    expect(alert.notes[0]).toMatch(/still there/);
  });

  test('of several tries the last one counts', () => {
    const outcomes = [
      { ...UNTOUCHED, status: 'superseded' },
      { ...UNTOUCHED, status: 'applied' },
    ] as const;
    expect(alertOf(anIncident({ outcomes })).findings[0]?.ending.kind).toBe('repaired');
  });

  test('one of two findings repaired and the other held: each says its own', () => {
    const other = aFinding({ fingerprint: 'f2', severity: 'high', title: 'nsg-data/allow-ssh' });
    const hold = { reason: 'needs-approval', detail: 'Approve it.' } as const;
    const alert = alertOf(anIncident({ findings: [aFinding(), other], held: [{ finding: other, hold }] }));
    expect(alert.findings.map(({ ending }) => ending.kind)).toEqual(['repaired', 'held']);
    expect(alert.notes).toHaveLength(2);
  });

  test('a finding that was only uncovered while planning is told too, and one that another repair ended says so', () => {
    const uncovered = aFinding({ fingerprint: 'f2', title: 'nsg-app/older-rule' });
    const ended = aFinding({ fingerprint: 'f3', title: 'nsg-app/same-traffic' });
    const incident = anIncident({ findings: [aFinding(), ended] });
    const repairs = incident.repairs.flatMap((repair) => [repair, { ...repair, finding: uncovered }]);
    const told = alertOf({ ...incident, repairs }).findings;
    expect(told.map(({ title, ending }) => [title, ending.kind])).toEqual([
      [aFinding().title, 'repaired'],
      [uncovered.title, 'repaired'],
      [ended.title, 'repaired'],
    ]);
    expect(told[2]?.ending.text).toBe('Gone with the repair of another finding.');
  });

  test('an incident of gaps alone says that nothing could be judged, and is grave where an admin port is concerned', () => {
    const gap = { resource: '/x', what: 'not-read', why: 'AuthorizationFailed', touchesAdminPort: true };
    const alert = alertOf(anIncident({ findings: [], repairs: [], outcomes: [], status: 'held', gaps: [gap] }));
    expect(alert).toMatchObject({
      severity: 'high',
      headline: expect.stringMatching(/^Not judged: 1 part/),
      notes: [],
    });
    expect(renderText(alert)).toContain('not-read at /x: AuthorizationFailed');
  });

  test('warns of sessions that outlive the repair only where something was written', () => {
    expect(alertOf(anIncident()).notes.join(' ')).toMatch(/Sessions that were opened before/);
    const already = alertOf(anIncident({ outcomes: [{ ...UNTOUCHED, status: 'already' }] }));
    expect(already.notes.join(' ')).not.toMatch(/Sessions/);
    expect(already.findings[0]?.ending.text).toMatch(/nothing had to be written/);
  });

  test('shows a rule that was added and one that was removed', () => {
    const changes = [
      { rule: 'new', before: null, after: { access: 'Deny', direction: 'Inbound', protocol: 'Tcp', priority: 100 } },
      { rule: 'gone', before: { properties: { sourceAddressPrefixes: ['1.1.1.1', '2.2.2.2'] } }, after: null },
    ];
    const outcomes = [{ resource: GROUP.toLowerCase(), requestIds: [], changes, status: 'applied' as const }];
    const { rules } = alertOf(anIncident({ outcomes }));
    expect(rules[0]).toEqual({
      rule: 'nsg-App/new',
      before: '(no such rule)',
      after: 'Deny Inbound Tcp from ? to ?:?, priority 100',
    });
    expect(rules[1]).toMatchObject({
      before: expect.stringContaining('from {1.1.1.1, 2.2.2.2} to'),
      after: '(removed)',
    });
  });

  test('does not blame a change for a finding on another resource', () => {
    const elsewhere = aFinding({ resource: '/subscriptions/x/nsg-other' });
    expect(alertOf(anIncident({ findings: [elsewhere] })).notes[0]).toMatch(/what made the guardrail look/);
    expect(alertOf(anIncident({ findings: [aFinding({ resource: GROUP.toUpperCase() })] })).notes).toHaveLength(1);
  });

  test('an incident found by a sweep claims no person', () => {
    const alert = alertOf(anIncident({ cause: { kind: 'sweep' } }));
    expect(alert.cause).toEqual([{ label: 'Found by', value: expect.stringContaining('sweep') }]);
  });
});
