import { afterAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../cli/check/report';
import { hubAndSpoke, type Resource, rule } from '../estate';
import { Folder, guardrail, guardrailJson } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

const ID = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-app';
const openSsh = rule('allow-ssh', 100, { destinationPortRange: '22' });
const nested = {
  id: ID,
  name: 'nsg-app',
  type: 'Microsoft.Network/networkSecurityGroups',
  properties: { securityRules: [openSsh] },
};
const flat = { id: ID, name: 'nsg-app', securityRules: [{ name: 'allow-ssh', ...(openSsh.properties as object) }] };

async function reportOf(...args: string[]): Promise<Report> {
  return guardrailJson<Report>(['check', ...args]);
}

async function fingerprints(content: unknown, name = 'input.json'): Promise<string[]> {
  const report = await reportOf(folder.write(name, content));
  return report.findings.map((finding) => finding.fingerprint);
}

describe('the shapes people export', () => {
  test.each<[string, unknown]>([
    ['an array as az prints it, flattened', [flat]],
    ['a single resource', nested],
    ['a page', { value: [nested] }],
    ['several pages', [{ value: [] }, { value: [nested], nextLink: null }]],
    ['an answer of Resource Graph', { count: 1, data: [nested], skip_token: null, total_records: 1 }],
    ['an object with resources', { _source: 'somewhere', resources: [nested] }],
    ['the object map of languageVersion 2.0', { languageVersion: '2.0', resources: { app: nested } }],
    ['a template wrapped in an export', { template: { resources: [nested] } }],
    [
      'a nested deployment',
      {
        resources: [
          {
            type: 'Microsoft.Resources/deployments',
            name: 'inner',
            properties: { template: { resources: { app: nested } } },
          },
        ],
      },
    ],
  ])('%s gives the same findings', async (_, content) => {
    expect(await fingerprints(content)).toEqual(await fingerprints([nested]));
    expect(await fingerprints(content)).toHaveLength(3);
  });

  test('a bare group needs neither id nor type, and its properties may be nested or flat', async () => {
    const bare = { name: 'nsg-app', securityRules: [openSsh] };
    const report = await reportOf(folder.write('bare.json', bare));
    expect(report.findings.map((finding) => finding.resource)).toEqual(['nsg-app', 'nsg-app', 'nsg-app']);
    expect(await fingerprints({ name: 'nsg-app', properties: { securityRules: [openSsh] } })).toEqual(
      await fingerprints(bare),
    );
  });

  test('JSON Lines are read by their name, and on standard input by their look', async () => {
    const lines = `${JSON.stringify({ name: 'a', securityRules: [] })}\r\n\n${JSON.stringify({ name: 'b', securityRules: [] })}\n`;
    expect((await reportOf(folder.write('groups.jsonl', lines))).summary.endpoints).toBe(2);
    const piped = await guardrailJson<Report>(['check', '-'], { stdin: lines });
    expect(piped.summary.endpoints).toBe(2);
  });

  test('byte order marks of UTF-8 and UTF-16 are tolerated', async () => {
    const text = `\ufeff${JSON.stringify([nested])}`;
    expect(await fingerprints(text)).toHaveLength(3);
    expect(await fingerprints(Buffer.from(text, 'utf16le'))).toHaveLength(3);
  });

  test('bare groups that share a name are all judged, whatever its casing', async () => {
    const groups = ['nsg', 'NSG', 'nsg~2', 'nsg'].map((name, index) => ({
      name,
      securityRules: [rule('r', 100 + index, { destinationPortRange: '22' })],
    }));
    expect((await reportOf(folder.write('same-name.json', groups))).summary.endpoints).toBe(4);
  });

  test('what a template refers to or switches off is not in it', async () => {
    const resources = {
      app: nested,
      other: { ...nested, id: `${ID}-2`, existing: true },
      off: { ...nested, id: `${ID}-3`, condition: false },
    };
    expect((await reportOf(folder.write('switches.json', { resources }))).summary.resources).toBe(1);
  });

  test('references between resources of a template are followed where they are literal', async () => {
    const network = 'Microsoft.Network';
    const subnet = { networkSecurityGroup: { id: "[resourceId('Microsoft.Network/networkSecurityGroups', 'nsg')]" } };
    const resources = [
      { type: `${network}/networkSecurityGroups`, name: 'nsg', properties: { securityRules: [openSsh] } },
      {
        type: `${network}/virtualNetworks`,
        name: 'vnet',
        properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
      },
      {
        type: `${network}/virtualNetworks/subnets`,
        name: 'vnet/app',
        properties: { addressPrefix: '10.0.1.0/24', ...subnet },
      },
    ];
    const hub = {
      type: 'Microsoft.Resources/deployments',
      name: 'hub',
      resourceGroup: 'rg-hub',
      properties: { template: { resources } },
    };
    const spoke = { ...hub, name: 'spoke', resourceGroup: 'rg-spoke' };
    const report = await reportOf(folder.write('template.json', { resources: [hub, spoke] }));
    expect(report.gaps).toEqual([]);
    expect(report.summary.endpoints).toBe(2);
    const open = report.findings.find((finding) => finding.title.includes('allow-ssh'));
    expect(open?.evidence.exposures[0]?.endpointName).toBe('vnet/app');
  });

  test('what only a deployment would know stays a gap', async () => {
    const properties = { addressSpace: { addressPrefixes: ["[parameters('space')]"] } };
    const resources = [{ type: 'Microsoft.Network/virtualNetworks', name: 'vnet', properties }];
    const report = await reportOf(folder.write('template.json', { resources }));
    expect(report.gaps.map((gap) => gap.what)).toEqual(['unresolved-value']);
  });

  test('a list that says more follows is a gap unless the next page is there', async () => {
    const first = { value: [nested], nextLink: 'https://management.azure.com/next' };
    const alone = await reportOf(folder.write('page.json', first));
    expect(alone.gaps.map((gap) => gap.what)).toEqual(['unfinished-list']);
    const both = await reportOf(folder.write('page.json', [first, { value: [] }]));
    expect(both.gaps).toEqual([]);
  });

  test('an entry that is no resource is passed over and said', async () => {
    const report = await reportOf(folder.write('mixed.json', [nested, 7, { displayName: 'someone' }]));
    expect(report.gaps.map((gap) => gap.what)).toEqual(['not-a-resource', 'not-a-resource']);
    expect(report.gaps.every((gap) => gap.resource.includes('mixed.json'))).toBe(true);
  });
});

describe('several paths are one estate', () => {
  test('a folder is its json and jsonl files, recursively, in any nesting', async () => {
    const estate = hubAndSpoke();
    estate.forEach((resource, index) => folder.write(`whole/${index % 3}/${index}.json`, resource));
    folder.write('whole/readme.txt', 'not read');
    const whole = await reportOf(`${folder.path}/whole`);
    const single = await reportOf(folder.write('single.json', estate));
    expect(whole).toEqual(single);
  });

  test('the same resource twice counts once, whatever the casing of its id and the order of its keys', async () => {
    const again = Object.fromEntries(Object.entries({ ...nested, id: ID.toUpperCase() }).toReversed());
    const report = await reportOf(folder.write('one.json', nested), folder.write('two.json', again));
    expect(report.summary.resources).toBe(1);
  });

  test('equal ids with different bodies are bad input that names both places', async () => {
    const one = folder.write('one.json', [nested]);
    const two = folder.write('two.json', {
      value: [{ ...nested, id: ID.toLowerCase(), properties: { securityRules: [] } }],
    });
    const { code, out, error } = await guardrail(['check', one, two]);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(`${one} [0]`);
    expect(error).toContain(`${two} value[0]`);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('template resources without an id contradict each other by type and name', async () => {
    const type = 'Microsoft.Network/networkSecurityGroups';
    const template = (properties: Resource) => ({ resources: [{ type, name: 'nsg', properties }] });
    const paths = [
      folder.write('t1.json', template({})),
      folder.write('t2.json', template({ securityRules: [openSsh] })),
    ];
    expect((await guardrail(['check', ...paths])).code).toBe(2);
  });
});

describe('bad input', () => {
  test.each<[string, string, string]>([
    ['a missing comma', '[\n  {"name": "a" "x": 1}\n]', ':2:16: not valid JSON: , or } expected'],
    ['a trailing comma', '{\n "a": 1,\n}', ':3:1: not valid JSON: a name in double quotes expected'],
    ['a text cut off', '{"a": [1, 2', ':1:12: not valid JSON: the text ends'],
    ['a string without end', '{"a": "bcd', ':1:7: not valid JSON: this string has no end'],
    ['a line break in a string', '{"a": "b\nc"}', ':1:9: not valid JSON: a line break'],
    ['a wrong escape', '["\\x"]', ':1:3: not valid JSON: a backslash'],
    ['a bad number', '[01]', ':1:2: not valid JSON'],
    ['something after the end', '{} x', ':1:4: not valid JSON: the end of the text expected'],
    ['no JSON at all', 'hello', ':1:1: not valid JSON'],
    ['a bad line of JSON Lines', '{"a":1}\n{"b":\n', ':2:6: not valid JSON'],
    ['a nest that is too deep', '['.repeat(100_000), ':1:201: not valid JSON: nested more than 200'],
    ['an empty file', ' \n', ': the file is empty'],
  ])('%s is told with its place', async (_, text, expected) => {
    const path = folder.write('broken.json', text);
    const { code, out, error } = await guardrail(['check', path]);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(`${path}${expected}`);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('every problem of one call is told at once', async () => {
    const policy = folder.write(
      'policy.yaml',
      'version: 2\nallowedSources: nobody\ncontrols:\n  no-such-control: report\n',
    );
    const broken = folder.write('broken.json', '{');
    const { code, error } = await guardrail([
      'check',
      broken,
      'missing.json',
      '--policy',
      policy,
      '--now',
      'yesterday',
    ]);
    expect(code).toBe(2);
    const lines = error.trim().split('\n');
    expect(lines).toHaveLength(6);
    for (const part of ['broken.json', 'missing.json', 'version', 'allowedSources', 'no-such-control', '--now']) {
      expect(lines.filter((line) => line.includes(part))).toHaveLength(1);
    }
  });

  test.each([['[]'], ['{"value": []}'], ['{"hello": "world"}'], ['[1, 2]']])(
    '%s has no ARM resource in it',
    async (text) => {
      const { code, error } = await guardrail(['check', folder.write('none.json', text)]);
      expect(code).toBe(2);
      expect(error).toContain('no ARM resource');
    },
  );

  test.each([
    [[]],
    [['frob']],
    [['check']],
    [['check', '--frob', 'x']],
    [['check', 'x', '--format', 'xml']],
    [['explain', 'x']],
  ])('the command line %j is refused', async (args) => {
    const { code, out, error } = await guardrail(args);
    expect([code, out]).toEqual([2, '']);
    expect(error).not.toBe('');
  });

  test('text that is not UTF-8 and a policy that multiplies aliases are refused', async () => {
    expect((await guardrail(['check', folder.write('latin.json', Buffer.from([0x22, 0xe9, 0x22]))])).error).toContain(
      'not UTF-8',
    );
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...['b', 'c', 'd', 'e', 'f', 'g'].map(
        (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdef'[index]}`).join(',')}]`,
      ),
    ];
    const policy = folder.write('bomb.yaml', bomb.join('\n'));
    expect((await guardrail(['check', folder.write('ok.json', nested), '--policy', policy])).code).toBe(2);
  });
});

describe('hostile input', () => {
  test('keys that name the prototype change nothing', async () => {
    const text = `{"name":"nsg-app","__proto__":{"securityRules":[{"name":"x"}],"polluted":1},"constructor":{"a":1},"securityRules":[]}`;
    const report = await reportOf(folder.write('proto.json', text));
    expect(report.findings.every((finding) => finding.title.includes('AllowVnetInBound'))).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a name of a million characters is shortened for people', async () => {
    const group = { name: 'n'.repeat(1_000_000), securityRules: [openSsh] };
    const { code, out } = await guardrail(['check', folder.write('long.json', group)]);
    expect(code).toBe(1);
    expect(out.length).toBeLessThan(20_000);
  });
});
