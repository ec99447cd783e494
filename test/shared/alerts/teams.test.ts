import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { alertOf } from '../../../shared/alerts/alert';
import { MOST_CARD_BYTES, renderTeams } from '../../../shared/alerts/teams';
import type { Incident } from '../../../shared/incident';
import { aFinding, anIncident, EXPOSURE, GROUP, RULE, SUBSCRIPTION, WITNESS } from './an-incident';
import { complaintsOf, textsOf } from './card';

function cardOf(incident: Incident): unknown {
  return renderTeams(alertOf(incident)).attachments[0].content;
}

function namedBy(name: string): Incident {
  const finding = aFinding({
    title: name,
    resource: `${GROUP}/securityRules/${name}`,
    evidence: { exposures: [{ ...EXPOSURE, endpointName: name }], witness: WITNESS },
  });
  const rule = { name, properties: { description: name, sourceAddressPrefix: name } };
  return anIncident({
    cause: {
      kind: 'change',
      change: {
        eventId: name,
        resourceId: RULE + name,
        subscriptionId: SUBSCRIPTION,
        operation: name,
        kind: 'write',
        actor: { name, objectId: name, appId: name, address: name },
        time: name,
      },
    },
    findings: [finding],
    held: [{ finding, hold: { reason: 'gap', detail: name } }],
    gaps: [{ resource: name, what: name, why: name, touchesAdminPort: true }],
    outcomes: [
      {
        resource: GROUP.toLowerCase(),
        requestIds: [name],
        changes: [{ rule: name, before: rule, after: rule }],
        status: 'applied',
      },
    ],
  });
}

function manyFindings(count: number): Incident {
  const findings = Array.from({ length: count }, (_, at) =>
    aFinding({ fingerprint: `f${String(at).padStart(3, '0')}`, title: `${at} ${'x'.repeat(400)}` }),
  );
  return anIncident({ findings });
}

describe('shared/alerts/teams', () => {
  test('is a Workflows message with one full-width card of version 1.5 that the reference library accepts', () => {
    const message = renderTeams(alertOf(anIncident()));
    expect(message).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }],
    });
    expect(message.attachments[0].content).toMatchObject({
      type: 'AdaptiveCard',
      version: '1.5',
      msteams: { width: 'Full' },
    });
    expect(complaintsOf(message.attachments[0].content)).toEqual([]);
  });

  test('every element has its text, and the text tells the whole story', () => {
    expect(textsOf(cardOf(anIncident())).join('\n')).toMatchSnapshot();
  });

  test('rules before and after are monospace', () => {
    expect(JSON.stringify(cardOf(anIncident()))).toMatch(/"text":"before: Allow[^}]*"fontType":"Monospace"/);
  });

  test.each([
    '[x](http://evil)',
    '**urgent** _now_ ~~no~~',
    '<at>Boss</at>',
    'a\r\n\r\n# Repaired: all is well',
    'txt.\u202eexe\u200b\u001b[2J',
    '{{DATE(2020-01-01T00:00:00Z)}}',
    '`](http://evil)',
    '',
  ])('a name such as %j links, mentions and formats nothing', (name) => {
    const card = cardOf(namedBy(name));
    expect(complaintsOf(card)).toEqual([]);
    for (const text of textsOf(card)) {
      expect(text).not.toMatch(/[<>\p{Cc}\p{Cf}]/u);
      expect(text).not.toMatch(/(?<!\\)[[\]*`~]|\]\(|\{\{/);
    }
  });

  test('any name at all gives a valid card below the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const message = renderTeams(alertOf(namedBy(name)));
        expect(complaintsOf(message.attachments[0].content)).toEqual([]);
        expect(textsOf(message.attachments[0].content).join('')).not.toMatch(/[<>\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(MOST_CARD_BYTES);
      }),
      { numRuns: 60 },
    );
  });

  test('shows several findings in full, the next in a line each, and says how many are left out', () => {
    const texts = textsOf(cardOf(manyFindings(60))).join('\n');
    expect(texts).toMatch(/Finding 1/);
    expect(texts).toMatch(/Further findings/);
    expect(texts).toMatch(/and \d+ more, left out here/);
  });

  test.each([
    ['many findings', manyFindings(400)],
    ['names of the longest and widest kind', namedBy('\u202e'.repeat(2000))],
    ['names in four-byte characters', namedBy('😀'.repeat(2000))],
    ['names that need escaping everywhere', namedBy('*'.repeat(5000))],
    [
      'hundreds of request ids',
      {
        ...anIncident(),
        outcomes: anIncident().outcomes.map((o) => ({ ...o, requestIds: Array<string>(500).fill('r'.repeat(36)) })),
      },
    ],
  ])('stays below 21 KB with %s', (_, incident) => {
    const message = renderTeams(alertOf(incident));
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(MOST_CARD_BYTES);
    expect(textsOf(message.attachments[0].content).join('\n')).toContain('inc-20260301-f1');
  });
});
