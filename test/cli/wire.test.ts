import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../cli/check/report';
import { surroundingsOf } from '../../cli/surroundings';
import { type Azurite, startAzurite } from '../azurite';
import { BASTION_HOST, hubAndSpoke, SUBSCRIPTION } from '../estate';
import { group, ruleBody, type Running, start } from '../playground/azure/local-azure';
import { Folder, guardrail, type Said } from './command';

const GROUP = group('rg-app', 'networkSecurityGroups', 'nsg-app');
const folder = new Folder();
const policy = folder.write(
  'policy.yaml',
  `version: 1\nbastionHosts: ['${BASTION_HOST}']\ncontrols: {admin-ports-only-from-bastion: remediate, guardrail-is-watching: off}\n`,
);
let azure: Running;
let storage: Azurite;

beforeAll(async () => {
  [azure, storage] = await Promise.all([start(), startAzurite()]);
}, 30_000);

afterAll(async () => {
  await Promise.all([azure.stop(), storage.close()]);
  folder.remove();
});

async function command(...args: string[]): Promise<Said> {
  const { path, header } = azure.azure.identity;
  const env = {
    GUARDRAIL_SUBSCRIPTIONS: SUBSCRIPTION,
    GUARDRAIL_POLICY: policy,
    GUARDRAIL_MODE: 'remediate',
    GUARDRAIL_ARM_ENDPOINT: azure.server.url,
    AzureWebJobsStorage: storage.connectionString,
    IDENTITY_ENDPOINT: `${azure.server.url}${path}`,
    IDENTITY_HEADER: header,
  };
  // The identity library reads these two from the process itself.
  Object.assign(process.env, { IDENTITY_ENDPOINT: env.IDENTITY_ENDPOINT, IDENTITY_HEADER: env.IDENTITY_HEADER });
  return guardrail(args, { env, surroundings: surroundingsOf(env) });
}

/** The report without how many resources of no concern were read with the others. */
function judgement({ out }: Said): unknown {
  const report = JSON.parse(out) as Report;
  return { ...report, summary: { ...report.summary, resources: undefined } };
}

/** The same event as Event Grid would send it for a rule. */
function eventFor(rule: string): unknown {
  return {
    id: `event-${rule}`,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: new Date().toISOString(),
    subject: `${GROUP}/securityRules/${rule}`,
    data: { operationName: 'Microsoft.Network/networkSecurityGroups/securityRules/write', claims: { name: 'Mallory' } },
  };
}

describe('the command line against the wire', () => {
  test('a live check says what the check of an export says', async () => {
    const live = await command('check', '--subscription', SUBSCRIPTION, '--policy', policy, '--format', 'json');
    const exported = await command(
      'check',
      folder.write('export.json', hubAndSpoke()),
      '--policy',
      policy,
      '--format',
      'json',
    );
    expect([live.code, live.error]).toEqual([0, '']);
    expect(judgement(live)).toEqual(judgement(exported));
  });

  test('accept, drift, receive, incidents: the whole story', async () => {
    expect(await command('accept')).toMatchObject({ code: 0 });
    const drift = await azure.send('PUT', `${GROUP}/securityRules/allow-rdp?api-version=2026-01-01`, ruleBody());
    expect(drift.status).toBe(201);
    expect((await command('check', '--subscription', SUBSCRIPTION, '--policy', policy)).code).toBe(1);

    const event = folder.write('event.json', [eventFor('allow-rdp')]);
    const received = await command('receive', event);
    expect(received.out).toMatch(/incident \S+ repaired/);
    expect(received.code).toBe(0);
    expect((await command('check', '--subscription', SUBSCRIPTION, '--policy', policy)).code).toBe(0);

    const list = JSON.parse((await command('incidents', '--format', 'json')).out) as {
      incidents: { id: string; status: string }[];
    };
    expect(list.incidents).toMatchObject([{ status: 'repaired' }]);
    const shown = await command('incidents', list.incidents[0]?.id ?? '');
    expect(shown.out).toContain('Mallory');
    expect(shown.out).toContain('allow-rdp');
  }, 60_000);

  test('the same event again finds nothing to do', async () => {
    expect(await command('receive', folder.write('again.json', eventFor('allow-rdp')))).toMatchObject({ code: 0 });
  }, 30_000);
});
