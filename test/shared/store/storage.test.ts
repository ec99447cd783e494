import { describe, expect, test } from '@jest/globals';
import { openJournal } from '../../../shared/store/journal';
import { containerOf, tableOf } from '../../../shared/store/storage';

const KEY = Buffer.from('secret key').toString('base64');

describe('shared/store/storage', () => {
  test.each([
    [
      'the emulator',
      'UseDevelopmentStorage=true',
      'http://127.0.0.1:10002/devstoreaccount1',
      'http://127.0.0.1:10000/devstoreaccount1/c',
    ],
    [
      'an account',
      `DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
      'https://acc.table.core.windows.net',
      'https://acc.blob.core.windows.net/c',
    ],
  ])('a connection string names %s', async (_, connectionString, table, container) => {
    expect((await tableOf({ connectionString }, 't')).url).toBe(table);
    expect((await containerOf({ connectionString }, 'c')).url).toBe(container);
  });

  test('service URIs come with an identity, and its token goes over https only', async () => {
    const credential = { getToken: () => Promise.resolve(null) };
    const uris = {
      blobServiceUri: 'https://acc.blob.core.windows.net',
      queueServiceUri: 'https://acc.queue.core.windows.net',
      tableServiceUri: 'https://acc.table.core.windows.net/',
    };
    expect((await tableOf({ ...uris, credential }, 't')).url).toMatch(/^https:\/\/acc\.table\.core\.windows\.net/);
    expect((await containerOf({ ...uris, credential }, 'c')).url).toBe('https://acc.blob.core.windows.net/c');
    const plain = { ...uris, tableServiceUri: 'http://acc.table.core.windows.net', credential };
    await expect(tableOf(plain, 't')).rejects.toThrow(/must start with https/);
  });

  test.each([
    [
      'plain http',
      `DefaultEndpointsProtocol=http;AccountName=x;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
      /loopback only/,
    ],
    [
      'http to a host that only looks local',
      `AccountName=x;AccountKey=${KEY};TableEndpoint=http://127.0.0.1.example.org/x`,
      /loopback only/,
    ],
    ['no connection string', 'nonsense', /AzureWebJobsStorage/],
    ['no account', `AccountKey=${KEY}`, /AzureWebJobsStorage/],
  ])('refuses %s in one sentence without the key', async (_, connectionString, expected) => {
    const reading = openJournal({ connectionString, channels: [] }).listIncidents();
    await expect(reading).rejects.toThrow(expected);
    await expect(reading).rejects.not.toThrow(KEY);
  });

  test('an account that does not answer is one sentence that says what was attempted', async () => {
    const endpoints = 'TableEndpoint=http://127.0.0.1:1/x;BlobEndpoint=http://127.0.0.1:1/x';
    const fresh = openJournal({
      connectionString: `DefaultEndpointsProtocol=http;AccountName=x;AccountKey=${KEY};${endpoints}`,
      channels: [],
    });
    await expect(fresh.listIncidents()).rejects.toThrow(
      /^Storage: reading table guardrailincidents failed \(.*\)\. Check/,
    );
  }, 60_000);
});
