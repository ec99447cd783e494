import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type Environment, readSettings, SETTINGS } from '../../shared/settings';

const ID = '11111111-2222-3333-4444-555555555555';
const LEAST: Environment = { GUARDRAIL_SUBSCRIPTIONS: ID, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };

function settingsOf(env: Environment) {
  const result = readSettings({ ...LEAST, ...env });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.settings;
}

function problemsOf(env: Environment): readonly string[] {
  const result = readSettings({ ...LEAST, ...env });
  return result.ok ? [] : result.problems;
}

const TENANT = '7E4A4700-0000-4000-8000-000000000001';
const WRITER = '9a4d0000-0000-4000-8000-000000000002';

describe('settings of the guard over sign-in', () => {
  test('a tenant is guarded as soon as it is named, and written to only by an identity of its own', () => {
    expect(settingsOf({ GUARDRAIL_TENANT: TENANT })).toMatchObject({
      tenantId: TENANT.toLowerCase(),
      guards: ['network', 'identity'],
    });
    expect(settingsOf({ GUARDRAIL_TENANT: TENANT })).not.toHaveProperty('identityClientId');
    expect(settingsOf({ GUARDRAIL_TENANT: TENANT, GUARDRAIL_IDENTITY_CLIENT_ID: WRITER }).identityClientId).toBe(
      WRITER,
    );
    expect(
      problemsOf({ GUARDRAIL_TENANT: TENANT, GUARDRAIL_IDENTITY_CLIENT_ID: WRITER, AZURE_CLIENT_ID: WRITER }),
    ).toEqual([expect.stringContaining('need an identity of their own')]);
    expect(problemsOf({ GUARDRAIL_IDENTITY_CLIENT_ID: WRITER })).toEqual([
      expect.stringContaining('without GUARDRAIL_TENANT'),
    ]);
  });

  test('an app may guard the one or the other', () => {
    expect(settingsOf({ GUARDRAIL_TENANT: TENANT, GUARDRAIL_GUARDS: 'network' })).not.toHaveProperty('tenantId');
    expect(settingsOf({ GUARDRAIL_TENANT: TENANT, GUARDRAIL_GUARDS: 'Identity' }).guards).toEqual(['identity']);
    expect(problemsOf({ GUARDRAIL_GUARDS: 'identity' })).toEqual([
      expect.stringContaining('GUARDRAIL_TENANT is missing'),
    ]);
  });
});

describe('shared/settings', () => {
  test('needs subscriptions and storage, and has a safe default for the rest', () => {
    expect(settingsOf({})).toEqual({
      subscriptions: [ID],
      mode: 'report',
      guards: ['network'],
      armEndpoint: 'https://management.azure.com',
      graphEndpoint: 'https://graph.microsoft.com',
      storage: { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' },
    });
    expect(readSettings({})).toMatchObject({ ok: false, problems: { length: 2 } });
  });

  test('reads every setting', () => {
    const settings = settingsOf({
      GUARDRAIL_SUBSCRIPTIONS: ` ${ID.toUpperCase()} , ${ID},99999999-2222-3333-4444-555555555555,`,
      GUARDRAIL_POLICY: 'https://store.blob.core.windows.net/policies/policy.yaml',
      GUARDRAIL_MODE: 'Remediate',
      GUARDRAIL_ARM_ENDPOINT: 'http://127.0.0.1:7000/',
      GUARDRAIL_GRAPH_ENDPOINT: 'https://graph.microsoft.us',
      GUARDRAIL_TEAMS_WEBHOOK: 'https://flow.example/invoke?sig=s',
      GUARDRAIL_EMAIL_SMTP: 'smtps://user:password@mail.example:465',
      GUARDRAIL_EMAIL_FROM: 'guardrail@contoso.com',
      GUARDRAIL_EMAIL_TO: 'a@contoso.com, b@contoso.com',
      GUARDRAIL_EVENT_TOPIC: 'https://incidents.westeurope-1.eventgrid.azure.net/api/events',
    });
    expect(settings).toMatchObject({
      subscriptions: [ID, '99999999-2222-3333-4444-555555555555'],
      policy: 'https://store.blob.core.windows.net/policies/policy.yaml',
      mode: 'remediate',
      armEndpoint: 'http://127.0.0.1:7000',
      graphEndpoint: 'https://graph.microsoft.us',
      teamsWebhook: 'https://flow.example/invoke?sig=s',
      email: {
        smtp: 'smtps://user:password@mail.example:465',
        from: 'guardrail@contoso.com',
        to: ['a@contoso.com', 'b@contoso.com'],
      },
      eventTopic: 'https://incidents.westeurope-1.eventgrid.azure.net/api/events',
    });
    expect(settings.graphMail).toBeUndefined();
  });

  test('mail goes through Microsoft Graph where no SMTP server is set', () => {
    const addresses = { GUARDRAIL_EMAIL_FROM: 'guardrail@contoso.com', GUARDRAIL_EMAIL_TO: 'a@contoso.com' };
    const { email, graphMail } = settingsOf({ ...addresses, GUARDRAIL_EMAIL_SMTP: ' ' });
    expect(email).toBeUndefined();
    expect(graphMail).toEqual({ from: 'guardrail@contoso.com', to: ['a@contoso.com'] });
  });

  test.each([
    [{ GUARDRAIL_EMAIL_FROM: 'guardrail@contoso.com' }, /GUARDRAIL_EMAIL_TO is missing/],
    [{ GUARDRAIL_EMAIL_TO: 'a@contoso.com' }, /GUARDRAIL_EMAIL_FROM is missing/],
    [{ GUARDRAIL_EMAIL_FROM: 'guardrail@contoso.com', GUARDRAIL_EMAIL_TO: ',' }, /names no receiver/],
  ])('mail with %j alone is a problem', (env, expected) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(expected)]);
  });

  test('an SMTP server without sender and receivers is a problem for each', () => {
    expect(problemsOf({ GUARDRAIL_EMAIL_SMTP: 'smtp://mail.example' })).toHaveLength(2);
  });

  test.each([
    ['https://t-1.westeurope-1.eventgrid.azure.net/api/events', true],
    ['https://t.usgovvirginia-1.eventgrid.azure.us/api/events', true],
    ['http://127.0.0.1:8080/api/events', true],
    ['http://localhost:8080/', true],
    ['http://t.westeurope-1.eventgrid.azure.net/api/events', false],
    ['https://t.westeurope-1.eventgrid.azure.net.attacker.example/api/events', false],
    ['https://t.westeurope-1.eventgrid.azure.net:444/api/events', false],
    ['https://user@t.westeurope-1.eventgrid.azure.net/api/events', false],
    ['https://t.westeurope-1.eventgrid.azure.net/api/events?sig=hunter2', false],
    ['https://ns.westeurope-1.ts.eventgrid.azure.net/topics/t:publish', false],
    ['https://attacker.example/api/events', false],
    ['https://127.0.0.1.attacker.example/api/events', false],
    ['t', false],
  ])('a token and incidents may go to the topic %s: %s', (topic, accepted) => {
    const problems = problemsOf({ GUARDRAIL_EVENT_TOPIC: topic });
    expect(problems).toHaveLength(accepted ? 0 : 1);
    expect(problems.join()).not.toContain('hunter2');
    if (accepted) expect(settingsOf({ GUARDRAIL_EVENT_TOPIC: topic }).eventTopic).toBe(topic);
  });

  test('a blank setting counts as not set', () => {
    expect(settingsOf({ GUARDRAIL_POLICY: ' ', GUARDRAIL_MODE: '', GUARDRAIL_TEAMS_WEBHOOK: '' })).toEqual(
      settingsOf({}),
    );
  });

  test.each([
    'https://management.usgovcloudapi.net',
    'https://management.chinacloudapi.cn',
    'http://127.0.0.1:7071',
    'https://localhost:8443',
  ])('a token may go to %s', (endpoint) => {
    expect(settingsOf({ GUARDRAIL_ARM_ENDPOINT: endpoint }).armEndpoint).toBe(endpoint);
  });

  test.each([
    'http://management.azure.com',
    'https://management.azure.com.attacker.example',
    'https://management.azure.com:444',
    'https://user@management.azure.com',
    'https://management.azure.com/path',
    'https://management.azure.com/?x=1',
    'https://127.0.0.1.attacker.example',
    'http://10.0.0.1',
    'ftp://127.0.0.1',
    'management.azure.com',
  ])('a token never goes to %s', (endpoint) => {
    expect(problemsOf({ GUARDRAIL_ARM_ENDPOINT: endpoint })).toHaveLength(1);
    expect(problemsOf({ GUARDRAIL_GRAPH_ENDPOINT: endpoint })).toHaveLength(1);
  });

  test.each([
    ['http://store.blob.core.windows.net/c/p.yaml', false],
    ['https://store.blob.core.windows.net.attacker.example/c/p.yaml', false],
    ['https://store.blob.core.windows.net/c/p.yaml?sv=1&sig=secret', false],
    ['s3://bucket/p.yaml', false],
    ['http://127.0.0.1:10000/devstoreaccount1/c/p.yaml', true],
    ['policies/policy.yaml', true],
    ['C:\\policies\\policy.yaml', true],
  ])('the policy may be at %s: %s', (place, accepted) => {
    expect(problemsOf({ GUARDRAIL_POLICY: place })).toHaveLength(accepted ? 0 : 1);
    expect(problemsOf({ GUARDRAIL_POLICY: place }).join()).not.toContain('secret');
  });

  test('storage by identity needs all three services', () => {
    const blob = {
      AzureWebJobsStorage: undefined,
      AzureWebJobsStorage__blobServiceUri: 'https://s.blob.core.windows.net',
    };
    expect(problemsOf(blob)).toHaveLength(2);
    const rest = {
      AzureWebJobsStorage__queueServiceUri: 'https://s.queue.core.windows.net',
      AzureWebJobsStorage__tableServiceUri: 'https://s.table.core.windows.net',
      AzureWebJobsStorage__clientId: 'client-1',
    };
    const byUri = settingsOf({ ...blob, ...rest }).storage;
    expect(byUri).toEqual({
      kind: 'identity',
      blobServiceUri: 'https://s.blob.core.windows.net',
      queueServiceUri: 'https://s.queue.core.windows.net',
      tableServiceUri: 'https://s.table.core.windows.net',
      clientId: 'client-1',
    });
    const byName = {
      AzureWebJobsStorage: '',
      AzureWebJobsStorage__accountName: 's',
      AzureWebJobsStorage__clientId: 'client-1',
    };
    expect(settingsOf(byName).storage).toEqual(byUri);
  });

  test('names every problem at once and shows no secret', () => {
    const problems = problemsOf({
      GUARDRAIL_SUBSCRIPTIONS: 'prod,dev',
      GUARDRAIL_MODE: 'repair',
      GUARDRAIL_ARM_ENDPOINT: 'https://evil.example',
      GUARDRAIL_GRAPH_ENDPOINT: 'nonsense',
      GUARDRAIL_POLICY: 'http://evil.example/p',
      GUARDRAIL_TEAMS_WEBHOOK: 'hunter2-teams',
      GUARDRAIL_EMAIL_SMTP: 'http://hunter2-smtp',
      GUARDRAIL_EMAIL_TO: 'a@contoso.com\r\nBcc: all@contoso.com',
      GUARDRAIL_EVENT_TOPIC: 'https://evil.example/api/events?sig=hunter2',
      AzureWebJobsStorage: 'hunter2-storage',
      GUARDRAIL_TENANT: 'contoso',
      GUARDRAIL_IDENTITY_CLIENT_ID: 'me',
      GUARDRAIL_GUARDS: 'everything',
      IDENTITY_ENDPOINT: 'http://127.0.0.1:1/token',
    });
    expect(problems.length).toBeGreaterThanOrEqual(16);
    for (const setting of SETTINGS.filter(({ name }) => !['AZURE_CLIENT_ID', 'IDENTITY_ENDPOINT'].includes(name))) {
      expect(problems.join('\n')).toContain(setting.name);
    }
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(problems.some((problem) => problem.includes('\n') || problem.includes('\r'))).toBe(false);
  });

  test('the sample for func has exactly the settings that are not the platform’s own', () => {
    const text = readFileSync(join(__dirname, '../../local.settings.sample.json'), 'utf8');
    const sample = z.strictObject({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) });
    const { FUNCTIONS_WORKER_RUNTIME, ...ours } = sample.parse(JSON.parse(text)).Values;
    const own = SETTINGS.map(({ name }) => name).filter((name) => !/^(?:IDENTITY_|AZURE_)/.test(name));
    expect(FUNCTIONS_WORKER_RUNTIME).toBe('node');
    expect(Object.keys(ours).toSorted()).toEqual(own.toSorted());
    expect(readSettings(ours)).toMatchObject({ ok: true, settings: { mode: 'report' } });
    for (const { name } of SETTINGS.filter(({ secret }) => secret)) {
      expect(['', 'UseDevelopmentStorage=true', undefined]).toContain(ours[name]);
    }
  });
});
