import { afterAll, describe, expect, test } from '@jest/globals';
import { CONTROLS } from '../../shared/controls';
import { rule } from '../estate';
import { Folder, guardrail } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri: string }[] };
    };
    readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly { readonly physicalLocation: unknown; readonly logicalLocations: unknown }[];
    }[];
  }[];
}

const open = { name: 'nsg-open', securityRules: [rule('allow-ssh', 100, { destinationPortRange: '22' })] };
const odd = { name: 'nsg-odd', securityRules: [{ name: 'half' }] };

async function sarifOf(path: string): Promise<Sarif['runs'][number]> {
  const { code, out } = await guardrail(['check', path, '--format', 'sarif']);
  expect(code).toBe(1);
  const sarif = JSON.parse(out) as Sarif;
  expect(sarif.version).toBe('2.1.0');
  const [run] = sarif.runs;
  if (!run) throw new Error('no run');
  return run;
}

describe('SARIF', () => {
  test('its rules are the registry', async () => {
    const run = await sarifOf(folder.write('groups.jsonl', `${JSON.stringify(open)}\n`));
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(CONTROLS.map(({ id }) => id));
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });

  test('each result points at its file and line, and keeps its fingerprint when it moves', async () => {
    const first = await sarifOf(folder.write('a b/groups.jsonl', `${JSON.stringify(odd)}\n${JSON.stringify(open)}\n`));
    const second = await sarifOf(folder.write('other.json', [open]));
    const found = (run: typeof first) =>
      run.results.filter((result) => JSON.stringify(result.locations).includes('nsg-open'));
    expect(found(first)[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: expect.stringMatching(/^file:\/\/\/.*\/a%20b\/groups\.jsonl$/) },
      region: { startLine: 2 },
    });
    expect(found(first).map((result) => result.partialFingerprints)).toEqual(
      found(second).map((result) => result.partialFingerprints),
    );
    expect(first.invocations[0]?.toolExecutionNotifications.length).toBeGreaterThan(0);
  });
});
