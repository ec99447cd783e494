import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Incident } from '../../../shared/incident';
import type { NetworkScope } from '../../../shared/scope';
import { type IncidentJournal, openJournal } from '../../../shared/store/journal';
import { type Azurite, startAzurite } from '../../azurite';
import { aFinding, anIncident } from '../alerts/an-incident';

let azurite: Azurite;
let lines: string[] = [];
let scopes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);

afterAll(async () => {
  await azurite.close();
});

function journal(channels: readonly string[] = ['teams', 'email']): IncidentJournal {
  lines = [];
  return openJournal({ connectionString: azurite.connectionString, channels, log: (line) => lines.push(line) });
}

function freshScope(): NetworkScope {
  scopes += 1;
  return { kind: 'network', subscriptionId: `5EA1AB1E-0000-4000-8000-${String(scopes).padStart(12, '0')}` };
}

function incidentIn(scope: NetworkScope, changes: Partial<Incident> = {}): Incident {
  return anIncident({ scope, id: `inc-${scopes}-1`, ...changes });
}

function recordsContainer() {
  return BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('guardrail-incidents');
}

describe('shared/store/journal', () => {
  test('before anything is written there is nothing to read, and reading creates nothing', async () => {
    const scope = freshScope();
    const fresh = journal();
    expect(await fresh.unsent(scope)).toEqual([]);
    expect(await fresh.listIncidents()).toEqual([]);
    expect(await fresh.readIncident('inc-1')).toBeUndefined();
    expect(await fresh.sentTo(incidentIn(scope))).toEqual([]);
    expect(await fresh.known(scope)).toEqual(new Set());
    expect(await recordsContainer().exists()).toBe(false);
  });

  test('an alert is due once the incident has an outcome, until the last channel has it', async () => {
    const scope = freshScope();
    const book = journal();
    const open = incidentIn(scope, { status: 'open', outcomes: [] });
    await book.record(open);
    expect(await book.unsent(scope)).toEqual([]);
    expect(await book.unfinished(scope)).toEqual([open]);
    const repaired = incidentIn(scope);
    await book.record(repaired);
    expect(await book.unfinished(scope)).toEqual([]);
    expect(await book.unsent(scope)).toEqual([repaired]);
    await book.markSent(repaired, 'teams');
    expect(await book.sentTo(repaired)).toEqual(['teams']);
    expect(await book.unsent(scope)).toEqual([repaired]);
    await book.markSent(repaired, 'email');
    expect(await book.unsent(scope)).toEqual([]);
    expect(await book.sentTo(repaired)).toEqual(['teams', 'email']);
  });

  test('an incident whose process died between outcome and notification is found by the next one', async () => {
    const scope = freshScope();
    await journal().record(incidentIn(scope));
    expect(await journal().unsent(scope)).toEqual([incidentIn(scope)]);
  });

  test('an incident whose process died between its record and its row is found too', async () => {
    const scope = freshScope();
    const book = journal();
    await book.record(incidentIn(scope, { status: 'open' }));
    const repaired = incidentIn(scope);
    const name = `network-${scope.subscriptionId.toLowerCase()}/${repaired.id}.json`;
    await recordsContainer()
      .getBlockBlobClient(name)
      .uploadData(Buffer.from(JSON.stringify(repaired)));
    expect(await book.unsent(scope)).toEqual([repaired]);
    await book.markSent(repaired, 'teams');
    await book.markSent(repaired, 'email');
    expect(await book.unsent(scope)).toEqual([]);
    expect((await book.listIncidents(scope))[0]?.status).toBe('repaired');
  });

  test('unsent alerts come oldest first, incidents are listed newest first', async () => {
    const scope = freshScope();
    const book = journal();
    const at = (hour: number) =>
      incidentIn(scope, { id: `at-${scopes}-${hour}`, openedAt: `2026-03-01T0${hour}:00:00.000Z` });
    for (const hour of [2, 3, 1]) await book.record(at(hour));
    expect((await book.unsent(scope)).map(({ openedAt }) => openedAt.slice(12, 13))).toEqual(['1', '2', '3']);
    expect((await book.listIncidents(scope)).map(({ openedAt }) => openedAt.slice(12, 13))).toEqual(['3', '2', '1']);
  });

  test('twelve writers at once lose no channel and no outcome', async () => {
    const scope = freshScope();
    const channels = Array.from({ length: 11 }, (_, at) => `channel-${at}`);
    const incident = incidentIn(scope);
    const writers = channels.map((name) => journal(channels).markSent(incident, name));
    await Promise.all([journal(channels).record(incident), ...writers]);
    expect((await journal(channels).sentTo(incident)).toSorted()).toEqual(channels.toSorted());
    expect(await journal(channels).unsent(scope)).toEqual([]);
  });

  test('recording again keeps who was told', async () => {
    const scope = freshScope();
    const book = journal();
    await book.record(incidentIn(scope));
    await book.markSent(incidentIn(scope), 'teams');
    await book.record(incidentIn(scope, { timings: [] }));
    expect(await book.sentTo(incidentIn(scope))).toEqual(['teams']);
  });

  test('without channels nothing is kept for later', async () => {
    const scope = freshScope();
    await journal([]).record(incidentIn(scope));
    expect(await journal(['teams']).unsent(scope)).toEqual([]);
  });

  test('keeps a record far larger than a table row, with names in any script', async () => {
    const scope = freshScope();
    const findings = Array.from({ length: 900 }, (_, at) =>
      aFinding({ fingerprint: `f${at}`, title: `田中 😀 ${'x'.repeat(900)}` }),
    );
    const large = incidentIn(scope, { findings });
    await journal().record(large);
    expect(await journal().readIncident(large.id)).toEqual(large);
    const [summary] = await journal().listIncidents(scope);
    expect(summary).toMatchObject({ id: large.id, status: 'repaired', severity: 'critical', findings: 900, sent: [] });
  });

  test('a damaged record is still told, from its row, with a gap that names the blob; reading it is one clear error', async () => {
    const scope = freshScope();
    const incident = incidentIn(scope);
    await journal().record(incident);
    const name = `network-${scope.subscriptionId.toLowerCase()}/${incident.id}.json`;
    for (const body of ['{"id":', '{"id":"x"}', '[]', 'null']) {
      await recordsContainer().getBlockBlobClient(name).uploadData(Buffer.from(body));
      const book = journal();
      await expect(book.readIncident(incident.id)).rejects.toThrow(`guardrail-incidents/${name} is missing or damaged`);
      const [told] = await book.unsent(scope);
      expect(told).toMatchObject({
        id: incident.id,
        status: 'repaired',
        findings: [{ title: incident.findings[0]?.title }],
      });
      expect(told?.gaps[0]).toMatchObject({ what: 'damaged-record', resource: `guardrail-incidents/${name}` });
      expect(lines).toEqual([expect.stringContaining(name)]);
    }
    const [told] = await journal().unsent(scope);
    if (!told) throw new Error('nothing is told');
    await journal().markSent(told, 'teams');
    await journal().markSent(told, 'email');
    expect(await journal().unsent(scope)).toEqual([]);
  });

  test('remembers what was reported, and starts over when that is damaged', async () => {
    const scope = freshScope();
    await journal().setKnown(scope, new Set(['b', 'a']));
    expect(await journal().known(scope)).toEqual(new Set(['a', 'b']));
    await journal().setKnown(scope, new Set());
    expect(await journal().known(scope)).toEqual(new Set());
    const name = `network-${scope.subscriptionId.toLowerCase()}/known-findings`;
    await recordsContainer().getBlockBlobClient(name).uploadData(Buffer.from('{'));
    expect(await journal().known(scope)).toEqual(new Set());
  });

  test.each(['../../other', 'a/b', "x' or '1' eq '1", ''])('refuses the incident id %j as a key', async (id) => {
    await expect(journal().record(incidentIn(freshScope(), { id }))).rejects.toThrow(/cannot be a storage key/);
    expect(await journal().readIncident(id)).toBeUndefined();
  });

  test('recreates a table that somebody deleted', async () => {
    const scope = freshScope();
    const options = { allowInsecureConnection: true };
    await TableClient.fromConnectionString(azurite.connectionString, 'guardrailincidents', options).deleteTable();
    await journal().record(incidentIn(scope));
    expect(await journal().unsent(scope)).toHaveLength(1);
  });

  test('a writer with a smaller lease number than the record on file is too late: nothing of its is kept', async () => {
    const scope = freshScope();
    const [late, next] = [journal(), journal()];
    const opened = incidentIn(scope, { status: 'open', outcomes: [], fence: 7 });
    await late.record(opened);
    const taken = incidentIn(scope, { fence: 8 });
    await next.record(taken);
    await expect(late.record({ ...opened, status: 'failed' })).rejects.toThrow(
      /was written under lease 8 already; the writer with lease 7 is too late/,
    );
    expect(await journal().readIncident(opened.id)).toEqual(taken);
    expect((await journal().listIncidents(scope))[0]?.status).toBe('repaired');
    expect(await next.unsent(scope)).toEqual([taken]);
  });

  test('a late writer that still tells somebody is noted, and changes nothing else', async () => {
    const scope = freshScope();
    const taken = incidentIn(scope, { status: 'held', fence: 8 });
    await journal().record(taken);
    await journal().markSent(incidentIn(scope, { status: 'open', fence: 7 }), 'teams');
    expect((await journal().listIncidents(scope))[0]).toMatchObject({ status: 'held', sent: ['teams'] });
    expect(await journal().unsent(scope)).toEqual([taken]);
  });

  test('the same lease may write as often as it likes, in one process or after a restart', async () => {
    const scope = freshScope();
    const open = incidentIn(scope, { status: 'open', fence: 7 });
    const book = journal();
    for (const changes of [{}, { outcomes: [] }]) await book.record({ ...open, ...changes });
    await journal().record({ ...open, status: 'repaired' });
    expect((await journal().readIncident(open.id))?.status).toBe('repaired');
  });

  test('a record is found by its id alone, and without a search when the scope is known', async () => {
    const scope = freshScope();
    const incident = incidentIn(scope);
    await journal().record(incident);
    expect(await journal().readIncident(incident.id)).toEqual(incident);
    expect(await journal().readIncident(incident.id, scope)).toEqual(incident);
    expect(await journal().readIncident(incident.id, freshScope())).toBeUndefined();
  });
});
