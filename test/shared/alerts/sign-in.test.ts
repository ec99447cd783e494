/** What people are told about a drift of the sign-in settings, in every channel. */
import { describe, expect, test } from '@jest/globals';
import { alertOf } from '../../../shared/alerts/alert';
import { renderMail } from '../../../shared/alerts/email';
import { MOST_CARD_BYTES, renderTeams } from '../../../shared/alerts/teams';
import { renderText } from '../../../shared/alerts/text';
import { incidentEvent } from '../../../shared/channels/incident-event';
import type { Evidence } from '../../../shared/finding';
import type { Incident } from '../../../shared/incident';
import { aFinding, anIncident } from './an-incident';

const TENANT = '7e4a4700-0000-4000-8000-000000000001';
const POLICY = '/identity/conditionalaccess/policies/0f0f0f0f-0000-4000-8000-0000000000c1';
const SETTINGS = '/subscriptions/s/resourcegroups/rg-app/providers/microsoft.authorization/rolemanagementpolicies/ba57';
const WAY = 'alex@contoso.example may activate Bastion Users on rg-app although the state is report-only';

function drift(evidence: Partial<Evidence> = {}, changes: Partial<Incident> = {}): Incident {
  const finding = aFinding({
    control: 'context-requires-phishing-resistant-mfa',
    resource: POLICY,
    title: 'the sign-in policy is report-only',
    evidence: {
      exposures: [],
      paths: [WAY],
      discrepancies: [{ setting: 'state', wanted: 'enabled', found: 'report-only' }],
      ...evidence,
    },
  });
  const remedy = { kind: 'repair', title: 'Restore state: enabled', actions: [] } as const;
  return anIncident({
    scope: { kind: 'identity', tenantId: TENANT },
    cause: {
      kind: 'audit',
      activity: 'Update policy',
      target: 'Bastion',
      actor: 'kim@contoso.example',
      time: '2026-03-01',
    },
    findings: [finding],
    repairs: [{ finding, remedy, proof: [], rejected: [] }],
    outcomes: [
      {
        resource: POLICY,
        requestIds: ['r1'],
        changes: [{ setting: 'state', before: 'enabledForReportingButNotEnforced', after: 'enabled' }],
        status: 'applied',
      },
    ],
    ...changes,
  });
}

describe('shared/alerts: the sign-in settings', () => {
  test('names the way around the sign-in, the setting, and what was written where', () => {
    const text = renderText(alertOf(drift()));
    expect(text).toContain(`Way around the sign-in: ${WAY}`);
    expect(text).toContain('Setting: state: report-only; the policy wants enabled');
    expect(text).toContain('Conditional Access policy 0f0f0f0f-0000-4000-8000-0000000000c1: state');
    expect(text).toContain('Changed by: kim@contoso.example');
    expect(text).toContain(`Tenant: ${TENANT}`);
  });

  test('says what the repair does not end, and nothing about security groups', () => {
    const { notes } = alertOf(drift());
    expect(notes.join(' ')).toMatch(/disconnect their sessions/);
    expect(notes.join(' ')).not.toMatch(/security group/);
  });

  test('calls role settings by their scope', () => {
    const changes = [{ setting: 'isEnabled', before: 'false', after: 'true' }];
    const outcomes = [{ resource: SETTINGS, requestIds: [], changes, status: 'applied' }] as const;
    const { rules } = alertOf(drift({}, { outcomes }));
    expect(rules.map(({ rule }) => rule)).toEqual(['settings of role ba57 on rg-app: isEnabled']);
  });

  test('what was not read of it is not a part of the network', () => {
    const gap = { resource: POLICY, what: 'not-read', why: '403', touchesAdminPort: true };
    const alert = alertOf(drift({}, { status: 'held', findings: [], repairs: [], outcomes: [], gaps: [gap] }));
    expect(alert.headline).toBe('Not judged: 1 part of the sign-in settings could not be read or understood');
  });

  test('what others named cannot link, break a line or fill a card', () => {
    const hostile = '[click](https://evil.example)\n<b>\u202Eeve</b>';
    const paths = Array.from({ length: 500 }, (_, index) => `${hostile} ${index} ${'x'.repeat(300)}`);
    const discrepancies = [{ setting: hostile, wanted: hostile, found: hostile }];
    const alert = alertOf(drift({ paths, discrepancies }));
    const card = JSON.stringify(renderTeams(alert));
    expect(Buffer.byteLength(card)).toBeLessThan(MOST_CARD_BYTES);
    expect(card).not.toContain('[click](');
    expect(card).not.toContain('\u202E');
    const { html, text } = renderMail(alert);
    expect(html).not.toContain('<b>');
    expect(text).not.toContain('\u202E');
    expect(text.split('\n').some((line) => line.startsWith('<b>'))).toBe(false);
    const event = JSON.stringify(incidentEvent(drift({ paths, discrepancies })));
    expect(Buffer.byteLength(event)).toBeLessThan(48_000);
    expect(event).not.toContain('\u202E');
  });
});
