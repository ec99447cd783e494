import { describe, expect, test } from '@jest/globals';
import { alertOf } from '../../../shared/alerts/alert';
import { renderMail } from '../../../shared/alerts/email';
import { aFinding, anIncident } from './an-incident';

describe('shared/alerts/email', () => {
  test('has a one-line subject with severity and headline', () => {
    expect(renderMail(alertOf(anIncident())).subject).toBe(
      '[Bastion Guardrail] critical: Repaired: vm-app-1: 3389/tcp is open to the Internet',
    );
  });

  test('tells the same in text and in HTML', () => {
    const mail = renderMail(alertOf(anIncident()));
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(
        '→ vm-app-1 (10.1.0.4):3389/tcp, allowed by nsg-App/allow-rdp (priority 120), door pip-vm-app-1',
      );
      expect(part).toContain('after:  Allow Inbound Tcp from 10.0.1.0/26');
      expect(part).toContain('Dana Ops');
    }
  });

  test('a hostile title starts no header and no tag', () => {
    const title = 'x\r\nBcc: evil@example.org\r\n\r\n<script>a()</script><img src=http://evil>';
    const mail = renderMail(alertOf(anIncident({ findings: [aFinding({ title })] })));
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toMatch(/<(script|img|a)\b/);
    expect(mail.html).toContain('&lt;script&gt;');
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });

  test('findings beyond the first ten are told in one line each', () => {
    const findings = Array.from({ length: 14 }, (_, at) =>
      aFinding({ fingerprint: `f${at}`, title: `finding number ${at}` }),
    );
    const { text } = renderMail(alertOf(anIncident({ findings })));
    for (const { title } of findings) expect(text).toContain(title);
    expect(text.match(/^Finding \d+$/gm)).toHaveLength(10);
  });
});
