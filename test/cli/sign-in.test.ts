import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../cli/check/report';
import type { Identity } from '../../shared/identity/identity';
import { BASTION_HOST, hubAndSpoke, rule, withRule } from '../estate';
import {
  ALEX,
  APPROVERS,
  assigned,
  BASTION_USERS,
  BREAK_GLASS,
  GUARDRAIL,
  HUB,
  NOW,
  READER,
  SIGN_IN_POLICY,
  SUBSCRIPTION,
  tenant,
  withAssignments,
  withPolicy,
} from '../tenant';
import { Folder, guardrail, guardrailJson } from './command';
import { exportedTenant } from './exported-tenant';

const folder = new Folder();
afterAll(() => folder.remove());

const policy = folder.write('policy.json', {
  version: 1,
  bastionHosts: [BASTION_HOST],
  identity: {
    breakGlass: [BREAK_GLASS],
    guardrailIdentities: [GUARDRAIL],
    bastionRole: { principals: [BASTION_USERS], scopes: [SUBSCRIPTION] },
    activation: { approvers: [APPROVERS] },
  },
});
const OPTIONS = ['--policy', policy, '--now', NOW.toISOString()];

/** Writes the tenant as a folder of exports, without some of its files if so wished. */
function save(name: string, identity: Identity, without: readonly string[] = []): string {
  for (const [file, content] of Object.entries(exportedTenant(identity))) {
    if (!without.includes(file)) folder.write(`${name}/${file}`, content);
  }
  return join(folder.path, name);
}

const clean = save('clean', tenant());
const reportOnly = withPolicy(tenant(), (before) => ({ ...before, state: 'enabledForReportingButNotEnforced' }));
const weakened = withAssignments(reportOnly, assigned(ALEX, READER, SUBSCRIPTION));
const drifted = save('drifted', weakened);

describe('check of exported sign-in settings', () => {
  test('a tenant that keeps every promise is said in one friendly line', async () => {
    const { code, out, error } = await guardrail(['check', clean, ...OPTIONS]);
    expect(error).toBe('');
    expect(out).toMatch(/All good: 2 role assignments and 1 Conditional Access policy judged, and nobody uses Bastion/);
    expect(code).toBe(0);
  });

  test('each finding shows what is set wrong and the ways around the sign-in', async () => {
    const { code, out } = await guardrail(['check', drifted, ...OPTIONS]);
    expect(code).toBe(1);
    expect(out).toMatch(/^CRITICAL +context-requires-phishing-resistant-mfa +0f0f0f0f-/m);
    expect(out).toMatch(/^ {4}state: wanted enabled, found report-only$/m);
    expect(out).toMatch(/^HIGH +no-standing-bypass /m);
    expect(out).toMatch(/^ {4}alex@contoso\.example .*Reader.*without activating/m);
    expect(out).toMatch(
      /\d findings? \(1 critical, .*; 3 role assignments and 1 Conditional Access policy judged\.\n$/,
    );
  });

  test('network and sign-in are one report, gravest first whichever they are of', async () => {
    const openRdp = rule('allow-rdp', 120, { destinationPortRange: '3389', sourceAddressPrefix: 'VirtualNetwork' });
    const network = folder.write('network.json', withRule(hubAndSpoke(), 'nsg-app', openRdp));
    // The network has the machines already, in more detail.
    const signIn = save('beside', weakened, ['machines.json']);
    const report = await guardrailJson<Report>(['check', network, signIn, ...OPTIONS]);
    const controls = report.findings.map(({ control }) => control);
    expect(controls[0]).toBe('context-requires-phishing-resistant-mfa');
    expect(controls).toContain('admin-ports-only-from-bastion');
    const ranks = report.findings.map(({ severity }) => ['critical', 'high', 'medium', 'low'].indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(report.summary.signIn).toMatchObject({ assignments: 3, conditionalAccessPolicies: 1, roles: 3 });
    expect(report.summary.endpoints).toBeGreaterThan(0);
  });

  test('a network alone is judged as ever: nothing is said of a sign-in that was not given', async () => {
    const network = folder.write('alone.json', hubAndSpoke());
    const report = await guardrailJson<Report>(['check', network, ...OPTIONS]);
    expect(report.summary).not.toHaveProperty('signIn');
    expect(report.findings.map(({ control }) => control)).toEqual([]);
    const vault = {
      id: `${HUB}/providers/Microsoft.KeyVault/vaults/kv`,
      type: 'Microsoft.KeyVault/vaults',
      name: 'kv',
    };
    const besides = await guardrailJson<Report>(['check', network, folder.write('vault.json', vault), ...OPTIONS]);
    expect(besides.summary).not.toHaveProperty('signIn');
  });

  test('what a template would assign is nothing that anybody holds', async () => {
    const template = {
      resources: [{ type: 'Microsoft.Authorization/roleAssignments', name: 'x', properties: { principalId: ALEX } }],
    };
    const report = await guardrailJson<Report>(['check', folder.write('template.json', template), ...OPTIONS]);
    expect(report.summary).not.toHaveProperty('signIn');
  });

  test('what was not exported is a gap that decides, and no pass: exit code 3', async () => {
    const path = save('half', tenant(), ['policies.json', 'contexts.json', 'strengths.json']);
    const { code, out } = await guardrail(['check', path, ...OPTIONS]);
    expect(out).toContain('conditional-access-unread');
    expect(out).toMatch(
      /No findings, but \d gaps? touch(?:es)? an admin port or the sign-in before it, so this is not a pass/,
    );
    expect(code).toBe(3);
  });

  test('the clock decides whose eligibility has ended', async () => {
    const later = await guardrailJson<Report>(['check', clean, '--policy', policy, '--now', '2026-07-01']);
    expect(later.summary.signIn?.assignments).toBe(0);
  });

  test('SARIF points at the file of the setting, and its rules say that they are about identity', async () => {
    const { out } = await guardrail(['check', drifted, ...OPTIONS, '--format', 'sarif']);
    const [run] = (
      JSON.parse(out) as {
        runs: { results: { ruleId: string; locations: unknown; message: unknown }[]; tool: unknown }[];
      }
    ).runs;
    const result = run?.results.find(({ ruleId }) => ruleId === 'context-requires-phishing-resistant-mfa');
    expect(JSON.stringify(result?.locations)).toMatch(/drifted\/policies\.json/);
    expect(JSON.stringify(result?.message)).toContain('state: wanted enabled, found report-only');
    expect(JSON.stringify(run?.tool)).toContain('"tags":["security","azure","identity"]');
  });

  test('the page shows the same evidence', async () => {
    const { out } = await guardrail(['check', drifted, ...OPTIONS, '--format', 'html']);
    expect(out).toContain('<li>state: wanted enabled, found report-only</li>');
    expect(out).toMatch(/<li>alex@contoso\.example .*<\/li>/);
  });
});

async function foundIn(content: unknown): Promise<string[]> {
  const report = await guardrailJson<Report>(['check', folder.write('shape.json', content), ...OPTIONS]);
  const gaps = report.gaps.filter(({ touchesAdminPort }) => touchesAdminPort);
  return [...report.findings.map(({ title }) => title), ...gaps.map(({ what }) => what)];
}

describe('the shapes in which sign-in settings come', () => {
  const exported = exportedTenant(tenant());
  const everything = Object.values(exported);

  test.each<[string, () => unknown]>([
    ['one array of all lists and pages', () => everything],
    [
      'answers of a $batch',
      () => ({ responses: everything.flat().map((body, id) => ({ id: String(id), status: 200, body })) }),
    ],
    [
      'single objects with their context',
      () => [...everything.filter((each) => each !== exported['policies.json']), single()],
    ],
    ['the same policy in a page and on its own', () => [...everything, single()]],
  ])('%s are understood', async (_, content) => {
    expect(await foundIn(content())).toEqual([]);
  });

  function single(): object {
    const { value } = exported['policies.json'] as { value: object[] };
    return {
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/policies/$entity',
      ...value[0],
    };
  }

  test('a list of people that goes on is a gap that decides, also before lists that are whole', async () => {
    const cut = {
      ...(exported['users.json'] as object),
      '@odata.nextLink': 'https://graph.microsoft.com/v1.0/users?$skiptoken=x',
    };
    expect(await foundIn([cut, ...everything])).toEqual([]);
    expect(await foundIn([...everything, cut, exported['groups.json']])).toEqual(['unfinished-list']);
  });

  test('one policy with two contents is bad input', async () => {
    const path = folder.write('two.json', [...everything, { ...single(), state: 'disabled' }]);
    const { code, error } = await guardrail(['check', path, ...OPTIONS]);
    expect(code).toBe(2);
    expect(error).toContain(`conditional-access-policy ${SIGN_IN_POLICY} is different in`);
  });

  test('an answer that was refused is told, and is no pass by itself', async () => {
    const refused = {
      responses: [
        { id: '1', status: 403, body: { error: { code: 'Forbidden' } } },
        { id: '2', status: 200, body: exported['roles.json'] },
      ],
    };
    const report = await guardrailJson<Report>(['check', folder.write('refused.json', refused), ...OPTIONS]);
    expect(report.gaps.map(({ why }) => why).join('\n')).toContain('the answer is an error: nothing was read there');
  });
});

const samples = join(__dirname, '../../../shared/samples/identity');
const whenThere = existsSync(samples) ? describe : describe.skip;

whenThere('settings that nobody here wrote', () => {
  test('a policy, a look-alike strength and a role are read as they are documented', async () => {
    const names = [
      'graph.caPolicy.compliant',
      'graph.authStrength.lookalike-custom-weak',
      'arm.roleDefinition.bastionUsers',
    ];
    const paths = names.map((name) => join(samples, 'derived', `${name}.json`));
    const report = await guardrailJson<Report>(['check', ...paths, ...OPTIONS]);
    expect(report.summary.signIn).toMatchObject({ conditionalAccessPolicies: 1, roles: 1 });
    expect(report.gaps.map(({ what }) => what)).not.toContain('not-a-resource');
    expect(report.findings.map(({ control }) => control)).toContain('exclusions-only-break-glass');
  });

  test.each([
    ['graph.conditionalAccess.policies.list.v1', 'conditionalAccessPolicies'],
    ['arm.roleManagementPolicyAssignments.listForScope', 'roleSettings'],
    ['arm.roleEligibilityScheduleInstances.listForScope', 'assignments'],
    ['arm.roleAssignments.listForScope.2022-04-01', 'assignments'],
    ['arm.roleDefinitions.createOrUpdate.2022-04-01', 'roles'],
  ] as const)('%s is understood', async (name, what) => {
    const path = join(samples, 'upstream', `${name}.json`);
    const report = await guardrailJson<Report>(['check', path, '--now', '2020-10-01']);
    expect(report.summary.signIn?.[what]).toBeGreaterThan(0);
  });
});
