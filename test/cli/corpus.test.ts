import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Report, reportOn } from '../../cli/check/report';
import { loadEstate } from '../../cli/input/load';
import { readChange } from '../../shared/change';
import { endpointsOf } from '../../shared/network/endpoint';
import { defaultPolicy } from '../../shared/policy/policy';
import { guardrailJson } from './command';
import { endpointsWritten } from './topology';

const corpus = join(__dirname, '../../../shared/corpus');
const events = join(__dirname, '../../../shared/events');
const whenThere = existsSync(corpus) && existsSync(events) ? describe : describe.skip;

function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
    : [];
}

async function noStdin(): Promise<Buffer> {
  return Buffer.alloc(0);
}

/** Where the file itself leaves something open that an admin port depends on. */
const OPEN_QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  '03-azure-hub-spoke.json': ['nsg-spoke-resources'],
  '15-private-aks-cluster.json': ['aks-u4x7q2Bastion', 'ipconfig1'],
};

whenThere('networks that nobody here drew', () => {
  const counted: string[] = [];

  test.each(filesIn(join(corpus, 'topologies')))('%s: every interface and subnet gets a verdict', async (name) => {
    const path = join(corpus, 'topologies', name);
    const loaded = await loadEstate([path], noStdin);
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
    const { network, gaps } = loaded.estate;
    const judged = endpointsOf(network).filter((endpoint) => endpoint.platformManaged === undefined);
    const written = endpointsWritten(JSON.parse(readFileSync(path, 'utf8')));
    expect(judged.map(({ id }) => id.toLowerCase()).toSorted()).toEqual(written.toSorted());
    const unknown = new Set(gaps.map((gap) => gap.resource.split('/').at(-1)));
    expect(unknown).toEqual(new Set(OPEN_QUESTIONS[name]));
    const { summary } = reportOn(loaded.estate, defaultPolicy(), new Date('2026-03-01T12:00:00Z'));
    counted.push(
      `${name.slice(0, 2)} | ${summary.resources} | ${summary.endpoints} | ${summary.findings} | ${summary.gaps}`,
    );
  });

  test('the counts are these', () => {
    expect(['file | resources | endpoints | findings | gaps', ...counted].join('\n')).toMatchInlineSnapshot(`
"file | resources | endpoints | findings | gaps
01 | 25 | 4 | 8 | 0
03 | 18 | 4 | 0 | 1
05 | 25 | 4 | 8 | 0
07 | 28 | 13 | 32 | 0
09 | 8 | 2 | 4 | 0
11 | 10 | 2 | 8 | 0
13 | 8 | 4 | 14 | 0
15 | 8 | 2 | 6 | 4
17 | 12 | 4 | 9 | 0
19 | 3 | 0 | 2 | 0
21 | 32 | 8 | 12 | 0
23 | 15 | 4 | 6 | 0
25 | 8 | 3 | 6 | 0
27 | 3 | 0 | 1 | 0"
`);
  });
});

interface CorpusGroup {
  readonly _id: string;
  readonly name: string;
  readonly _issues: readonly string[];
}

whenThere('security groups that nobody here wrote', () => {
  const path = join(corpus, 'nsgs.jsonl');
  const groups = (): CorpusGroup[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CorpusGroup);

  test('each gets a verdict, and gaps only where its rules are incomplete', async () => {
    const report = await guardrailJson<Report>(['check', path]);
    const all = groups();
    expect(report.summary.endpoints).toBe(all.length);
    const names = new Map<string, number>();
    const expected = all.flatMap(({ name, _issues }) => {
      const count = (names.get(name.toLowerCase()) ?? 0) + 1;
      names.set(name.toLowerCase(), count);
      const id = count === 1 ? name : `${name}~${count}`;
      return _issues.map((what) => `${id}: ${what}`);
    });
    const gaps = report.gaps.filter((gap) => gap.what !== 'unknown-tag').map((gap) => `${gap.resource}: ${gap.what}`);
    expect(gaps.toSorted()).toEqual(expected.toSorted());
  });
});

whenThere('events that nobody here sent', () => {
  test.each(filesIn(events))('%s is understood and none of our business', (name) => {
    const content: unknown = JSON.parse(readFileSync(join(events, name), 'utf8'));
    for (const event of Array.isArray(content) ? content : [content]) {
      expect(readChange(event)).toMatchObject({ kind: 'ignored' });
    }
  });
});
