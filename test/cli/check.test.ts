import { afterAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../cli/check/report';
import { SEVERITIES } from '../../shared/finding';
import {
  BASTION_HOST,
  BASTION_PREFIX,
  change,
  hubAndSpoke,
  type Resource,
  rule,
  withPublicIp,
  withRule,
} from '../estate';
import { Folder, guardrail, guardrailJson } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

const policy = folder.write('policy.yaml', `version: 1\nbastionHosts:\n  - ${BASTION_HOST}\n`);
const clean = folder.write('clean.json', hubAndSpoke());
const openRdp = rule('allow-rdp', 120, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' });
const drifted = folder.write('drifted.json', withRule(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'nsg-app', openRdp));

describe('check', () => {
  test('a clean estate is said in one friendly line and exit code 0', async () => {
    const { code, out, error } = await guardrail(['check', clean, '--policy', policy]);
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(/All good: \d+ endpoints judged in \d+ resources/);
  });

  test('RDP opened to the Internet is critical, with a packet that proves it and what to do', async () => {
    const { code, out } = await guardrail(['check', drifted, '--policy', policy]);
    expect(code).toBe(1);
    const [, row, packet, remedy] = out.split('\n');
    expect(row).toMatch(/^CRITICAL +admin-ports-only-from-bastion +nsg-app +nsg-app\/allow-rdp lets others/);
    expect(packet).toMatch(
      /^ +203\.0\.113\.7:49152 → vm-app-1 \(10\.\d+\.\d+\.\d+\):3389\/tcp, allowed by nsg-app\/allow-rdp \(priority 120\), door pip-spare$/,
    );
    expect(remedy).toMatch(/^ +repair: .*nsg-app\/allow-rdp/);
  });

  test('gravest findings come first', async () => {
    const vnet = rule('allow-vnet', 130, { destinationPortRange: '22', sourceAddressPrefix: 'VirtualNetwork' });
    const both = withRule(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'nsg-app', vnet, openRdp);
    const report = await guardrailJson<Report>(['check', folder.write('both.json', both), '--policy', policy]);
    const severities = report.findings.map((finding) => finding.severity);
    expect(severities[0]).toBe('critical');
    expect(severities.length).toBeGreaterThan(1);
    expect(report.summary.bySeverity.critical).toBe(2);
    expect(severities).toEqual(severities.toSorted((a, b) => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)));
    expect(Object.values(report.summary.bySeverity).reduce((sum, count) => sum + count, 0)).toBe(
      report.summary.findings,
    );
  });

  test('JSON names the Bastion hosts that count and the subnets that were not judged', async () => {
    const report = await guardrailJson<Report>(['check', clean, '--policy', policy]);
    expect(report.bastion).toEqual({ pinned: true, hosts: [BASTION_HOST], addresses: [BASTION_PREFIX] });
    expect(report.skipped.map(({ resource }) => resource.split('/').at(-1))).toContain('AzureBastionSubnet');
    expect(report.schemaVersion).toBe(1);
  });

  test('what a platform service owns is no finding, and every format says what is open there', async () => {
    const delegated = change(hubAndSpoke(), 'vnet-app', (properties, resource) => {
      const subnets = properties.subnets as { name: string; properties: object }[];
      const delegations = [{ name: 'd', properties: { serviceName: 'Microsoft.Sql/managedInstances' } }];
      const [first] = subnets;
      const owned = { ...first, properties: { ...first?.properties, delegations } };
      return { ...resource, properties: { ...properties, subnets: [owned] } };
    });
    const path = folder.write('owned.json', withRule(delegated, 'nsg-app', openRdp));
    const report = await guardrailJson<Report>(['check', path, '--policy', policy]);
    expect(report.findings).toEqual([]);
    expect(report.skipped).toContainEqual(
      expect.objectContaining({
        control: 'admin-ports-only-from-bastion',
        name: 'vm-app-1',
        ports: ['3389/tcp'],
        why: 'platform-managed: delegated to Microsoft.Sql/managedInstances',
      }),
    );
    for (const format of ['table', 'html', 'sarif']) {
      const { out } = await guardrail(['check', path, '--policy', policy, '--format', format]);
      expect(out).toContain('delegated to Microsoft.Sql/managedInstances; open to others: 3389/tcp');
    }
  });

  test('without a pin the Bastion hosts in the input are taken, and every format says so', async () => {
    const table = await guardrail(['check', clean]);
    expect([table.code, table.error]).toEqual([0, '']);
    expect(table.out).toContain('The policy pins no Bastion host; taken from the input: bas-hub (10.0.1.0/26)');
    for (const format of ['json', 'sarif', 'html']) {
      const { error } = await guardrail(['check', clean, '--format', format]);
      expect(error).toMatch(/^note: The policy pins no Bastion host; taken from the input: bas-hub .*\n$/);
    }
    expect((await guardrailJson<Report>(['check', clean])).bastion.pinned).toBe(false);
  });

  test('a pinned host that is not in the input is a gap beside the findings it may explain', async () => {
    const other = folder.write('other.yaml', `version: 1\nbastionHosts: ['${BASTION_HOST}-2']\n`);
    const { code, out } = await guardrail(['check', clean, '--policy', other, '--format', 'json']);
    const report = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(report.gaps).toContainEqual(
      expect.objectContaining({ what: 'bastion-not-observed', touchesAdminPort: true }),
    );
  });

  test('a gap that touches an admin port is never a pass: exit code 3', async () => {
    const broken = {
      name: 'allow-something',
      properties: { access: 'Allow', direction: 'Inbound', protocol: 'Tcp', priority: 200 },
    };
    const path = folder.write('gap.json', withRule(hubAndSpoke(), 'nsg-app', broken));
    const { code, out } = await guardrail(['check', path, '--policy', policy]);
    expect(code).toBe(3);
    expect(out).toContain('so this is not a pass');
    expect(out).toMatch(/admin port +nsg-app +missing-address/);
  });

  test('a gap that touches no admin port passes', async () => {
    const broken = {
      name: 'deny-something',
      properties: { access: 'Deny', direction: 'Outbound', protocol: 'Tcp', priority: 200 },
    };
    const path = folder.write('gap.json', withRule(hubAndSpoke(), 'nsg-app', broken));
    expect((await guardrail(['check', path, '--policy', policy])).code).toBe(0);
  });

  test('the policy may be JSON, and its answer does not depend on the order of the input', async () => {
    const asJson = folder.write('policy.json', { version: 1, bastionHosts: [BASTION_HOST.toUpperCase()] });
    const backwards = folder.write('backwards.json', hubAndSpoke().toReversed());
    const report = await guardrailJson<Report>(['check', backwards, '--policy', asJson]);
    expect({ ...report, skipped: [] }).toEqual({
      ...(await guardrailJson<Report>(['check', clean, '--policy', policy])),
      skipped: [],
    });
  });

  test('a control that is off finds nothing', async () => {
    const off = folder.write(
      'off.yaml',
      `version: 1\nbastionHosts: ['${BASTION_HOST}']\ncontrols: {admin-ports-only-from-bastion: off}\n`,
    );
    const rules = folder.write('rules.json', withRule(hubAndSpoke(), 'nsg-app', openRdp));
    expect((await guardrail(['check', rules, '--policy', policy])).code).toBe(1);
    expect((await guardrail(['check', rules, '--policy', off])).code).toBe(0);
  });

  test('an overdue review is remarked by the clock that was given, and changes nothing', async () => {
    const source = { sources: ['192.0.2.1'], owner: 'pam-team', reviewBy: '2026-02-01' };
    const path = folder.write('reviewed.json', {
      version: 1,
      bastionHosts: [BASTION_HOST],
      additionalSources: [source],
    });
    const late = await guardrail(['check', clean, '--policy', path, '--now', '2026-02-02T00:00:00Z']);
    expect(late).toMatchObject({
      code: 0,
      error: 'note: policy: the review of 192.0.2.1 was due on 2026-02-01; ask pam-team\n',
    });
    expect((await guardrail(['check', clean, '--policy', path, '--now', '2026-02-01'])).error).toBe('');
  });

  test('every kind of exception is remarked when its review is overdue', async () => {
    const due = { owner: 'kim', reviewBy: '2026-02-01' };
    const id = BASTION_HOST.replace('bastionHosts/bas-hub', 'publicIPAddresses/pip-mail');
    const path = folder.write('exceptions.json', {
      version: 1,
      bastionHosts: [BASTION_HOST],
      publicIps: { approved: [{ id, ...due }] },
    });
    const { error } = await guardrail(['check', clean, '--policy', path]);
    expect(error).toBe('note: policy: the review of the public IP of pip-mail was due on 2026-02-01; ask kim\n');
  });

  test('the same input always gives the same bytes', async () => {
    for (const format of ['table', 'json', 'sarif', 'html']) {
      const [first, second] = [
        await guardrail(['check', drifted, '--format', format]),
        await guardrail(['check', drifted, '--format', format]),
      ];
      expect(second).toEqual(first);
    }
  });
});

describe('output is safe and plain', () => {
  const hostile = '\u001b[2J\u009b1m<script>alert(1)</script>\u202e"&';
  const group: Resource = { name: hostile, securityRules: [rule(hostile, 100, { destinationPortRange: '22' })] };
  const path = folder.write('hostile.json', group);

  test.each(['table', 'json', 'sarif', 'html'])('no control character of a name reaches the %s', async (format) => {
    const { code, out } = await guardrail(['check', path, '--format', format], { isTerminal: false });
    expect(code).toBe(1);
    // oxlint-disable-next-line no-control-regex -- these are the characters looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test('a page has no script, and names are text in it', async () => {
    const { out } = await guardrail(['check', path, '--format', 'html', '--now', '2026-02-02T00:00:00Z']);
    expect(out).not.toMatch(/<script|<img|src=|href=/i);
    expect(out).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(out).toContain('http-equiv="Content-Security-Policy" content="default-src \'none\'');
    expect(out).toContain('2026-02-02T00:00:00.000Z');
  });

  test('colour is for terminals, and never against NO_COLOR', async () => {
    const escape = '\u001b[';
    expect((await guardrail(['check', drifted], { isTerminal: true })).out).toContain(escape);
    expect((await guardrail(['check', drifted], { isTerminal: true, env: { NO_COLOR: '1' } })).out).not.toContain(
      escape,
    );
    expect((await guardrail(['check', drifted])).out).not.toContain(escape);
    expect((await guardrail(['check', drifted, '--format', 'json'], { isTerminal: true })).out).not.toContain(escape);
  });
});
