import { afterAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../cli/check/report';
import type { Surroundings } from '../../cli/surroundings';
import { evaluate } from '../../shared/controls';
import type { Guardrail } from '../../shared/compose';
import type { Incident } from '../../shared/incident';
import { readNetwork } from '../../shared/network/read';
import type { Snapshot } from '../../shared/ports';
import type { Scope } from '../../shared/scope';
import {
  BASTION_HOST,
  hubAndSpoke,
  policyWith,
  type Resource,
  rule,
  SUBSCRIPTION,
  withPublicIp,
  withRule,
} from '../estate';
import { Folder, guardrail } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

const openRdp = rule('allow-rdp', 120, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' });
const drifted = withRule(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'nsg-app', openRdp);
const policy = policyWith();
const pinned = folder.write('policy.yaml', `version: 1\nbastionHosts: ['${BASTION_HOST}']\n`);

function snapshotOf(scope: Scope, resources: readonly Resource[], extra: Snapshot['gaps'] = []): Snapshot {
  const { network, gaps } = readNetwork(resources);
  return { scope, takenAt: new Date('2026-03-01T12:00:00Z'), network, gaps: [...extra, ...gaps], resources };
}

async function refuse(): Promise<never> {
  throw new Error('Could not list: no answer.');
}

async function refuseSettings(): Promise<never> {
  throw Object.assign(new Error('the settings cannot be used'), { problems: ['A is missing', 'B is missing'] });
}

/** A tenant that can only be looked at. */
function tenantWith(resources: readonly Resource[], gaps: Snapshot['gaps'] = []): Surroundings['openTenant'] {
  return async () => ({
    observe: async (scope) => snapshotOf(scope, resources, gaps),
    apply: refuse,
    lookAgain: refuse,
  });
}

describe('check --subscription', () => {
  test('judges the live network as it would its export', async () => {
    const said = await guardrail(['check', '--subscription', SUBSCRIPTION, '--policy', pinned, '--format', 'json'], {
      surroundings: { openTenant: tenantWith(drifted) },
    });
    const exported = await guardrail([
      'check',
      folder.write('export.json', drifted),
      '--policy',
      pinned,
      '--format',
      'json',
    ]);
    expect(said).toEqual(exported);
    expect(said.code).toBe(1);
  });

  test('what could not be read is a gap and no pass', async () => {
    const gap = {
      resource: `/subscriptions/${SUBSCRIPTION}`,
      what: 'not-read',
      why: 'forbidden',
      touchesAdminPort: true,
    };
    const said = await guardrail(['check', '--subscription', SUBSCRIPTION, '--policy', pinned, '--format', 'json'], {
      surroundings: { openTenant: tenantWith(hubAndSpoke(), [gap]) },
    });
    expect(said.code).toBe(3);
    expect((JSON.parse(said.out) as Report).gaps).toEqual([gap]);
  });

  test('an id that is none is refused before anything is asked', async () => {
    const said = await guardrail(['check', '--subscription', 'mine']);
    expect(said).toMatchObject({
      code: 2,
      out: '',
      error: "error: --subscription: 'mine' is not a subscription id (a GUID); paths go before it\n",
    });
  });

  test('a tenant that does not answer is one clear line', async () => {
    const said = await guardrail(['check', '--subscription', SUBSCRIPTION], { surroundings: { openTenant: refuse } });
    expect(said).toEqual({ code: 2, out: '', error: 'error: Could not list: no answer.\n' });
  });
});

const incident: Incident = {
  id: '20260301T120000Z-0123456789ab',
  scope: { kind: 'network', subscriptionId: SUBSCRIPTION },
  cause: { kind: 'sweep' },
  fence: 1,
  policyHash: policy.hash,
  status: 'held',
  openedAt: '2026-03-01T12:00:00.000Z',
  findings: evaluate(readNetwork(drifted).network, policy).findings,
  repairs: [],
  held: [],
  outcomes: [],
  gaps: [],
  timings: [],
};

interface Recorded {
  readonly scopes: Scope[];
}

function guardrailWith(resources: readonly Resource[], recorded: Recorded): Surroundings['openGuardrail'] {
  const settings = { subscriptions: [SUBSCRIPTION], guards: ['network'] };
  const watch = {
    settings,
    context: { policy, ceiling: 'report' },
    reconcile: async (scope: Scope) => {
      recorded.scopes.push(scope);
      return { looked: 'done', findings: evaluate(readNetwork(resources).network, policy).findings, gaps: [] };
    },
    accept: async (scope: Scope) => {
      recorded.scopes.push(scope);
      return snapshotOf(scope, resources);
    },
    journal: {
      listIncidents: async () => [
        {
          id: incident.id,
          scope: 'network',
          status: 'held',
          openedAt: incident.openedAt,
          title: 'open\u001b[2J',
          findings: 1,
          sent: [],
        },
      ],
      readIncident: async (id: string) => (id === incident.id ? incident : undefined),
    },
  };
  return async () => watch as unknown as Guardrail;
}

const event = {
  id: 'e1',
  eventType: 'Microsoft.Resources.ResourceWriteSuccess',
  eventTime: '2026-03-01T12:00:00Z',
  subject: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network/networkSecurityGroups/nsg-app`,
  data: { operationName: 'Microsoft.Network/networkSecurityGroups/write' },
};

describe('receive', () => {
  test('hands each saved event to the entry that the function app uses', async () => {
    const recorded: Recorded = { scopes: [] };
    const surroundings = { openGuardrail: guardrailWith(hubAndSpoke(), recorded) };
    const said = await guardrail(['receive', folder.write('event.json', [event])], { surroundings });
    expect(said.code).toBe(0);
    expect(said.out).toMatch(
      /^looked: Microsoft\.Network\/networkSecurityGroups\/write on .*nsg-app: 0 findings, 0 gaps\n$/,
    );
    expect(recorded.scopes).toEqual([{ kind: 'network', subscriptionId: SUBSCRIPTION }]);
  });

  test('exit code 1 says that findings are left', async () => {
    const surroundings = { openGuardrail: guardrailWith(drifted, { scopes: [] }) };
    const said = await guardrail(['receive', '-', '--format', 'json'], { stdin: JSON.stringify(event), surroundings });
    expect(said.code).toBe(1);
    expect(JSON.parse(said.out)).toMatchObject({ schemaVersion: 1, events: [{ kind: 'reconciled' }] });
  });

  test('an event of no concern is ignored without opening anything, and a malformed one is bad input', async () => {
    const foreign = folder.write('foreign.json', {
      ...event,
      subject: event.subject.replace('Network/networkSecurityGroups', 'Storage/storageAccounts'),
    });
    expect((await guardrail(['receive', foreign])).code).toBe(0);
    const said = await guardrail(['receive', folder.write('malformed.json', { ...event, subject: 7 })]);
    expect(said.code).toBe(2);
    expect((await guardrail(['receive', folder.write('empty.json', [])])).error).toContain('no event in it');
  });

  test('settings that cannot be used are told one by one', async () => {
    const said = await guardrail(['receive', folder.write('event.json', event)], {
      surroundings: { openGuardrail: refuseSettings },
    });
    expect(said).toMatchObject({ code: 2, error: 'error: A is missing\nerror: B is missing\n' });
  });
});

describe('accept', () => {
  test('takes the state of every guarded subscription, and says what stands in it', async () => {
    const recorded: Recorded = { scopes: [] };
    const surroundings = { openGuardrail: guardrailWith(drifted, recorded) };
    const said = await guardrail(['accept'], { surroundings });
    expect(said).toMatchObject({ code: 0, error: '' });
    expect(said.out).toMatch(
      /^accepted: subscription 5ea1ab1e-\S+ as of 2026-03-01T12:00:00\.000Z: \d+ resources, 2 standing findings, 0 gaps\n$/,
    );
    expect(recorded.scopes).toHaveLength(1);
  });

  test('a subscription that is not guarded is refused', async () => {
    const surroundings = { openGuardrail: guardrailWith(drifted, { scopes: [] }) };
    const other = SUBSCRIPTION.replace('5', '6');
    expect((await guardrail(['accept', '--subscription', other], { surroundings })).code).toBe(2);
  });
});

describe('incidents', () => {
  const surroundings = { openGuardrail: guardrailWith(drifted, { scopes: [] }) };

  test('are listed in a table in which no name moves the cursor', async () => {
    const said = await guardrail(['incidents'], { surroundings });
    expect(said.out).toMatch(
      /^INCIDENT +OPENED +STATUS +SEVERITY +WHAT\n20260301T120000Z-0123456789ab +2026-03-01T12:00:00\.000Z +held +- +open/,
    );
    expect(said.out).not.toContain('\u001b');
  });

  test('one of them is the full record as JSON, and the alert as text', async () => {
    const record = JSON.parse(
      (await guardrail(['incidents', incident.id, '--format', 'json'], { surroundings })).out,
    ) as object;
    expect(record).toEqual({ schemaVersion: 1, ...(JSON.parse(JSON.stringify(incident)) as object) });
    expect((await guardrail(['incidents', incident.id], { surroundings })).out).toContain('vm-app-1');
  });

  test('an unknown id is bad input', async () => {
    expect((await guardrail(['incidents', 'none'], { surroundings })).code).toBe(2);
  });
});
