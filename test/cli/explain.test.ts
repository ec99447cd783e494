import { afterAll, describe, expect, test } from '@jest/globals';
import { hubAndSpoke, rule, withPublicIp, withRule } from '../estate';
import { Folder, guardrail } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

const openRdp = rule('allow-rdp', 120, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' });
const estate = folder.write('estate.json', withRule(withPublicIp(hubAndSpoke(), 'nic-vm-app-1'), 'nsg-app', openRdp));
const toApp = ['explain', estate, '--to', 'vm-app-1', '--port', '3389'];

describe('explain', () => {
  test('a packet that gets through is exit code 0, with each layer and the door', async () => {
    const { code, out, error } = await guardrail([...toApp, '--from', '203.0.113.7', '--format', 'json']);
    expect([code, error]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      verdict: 'allow',
      decisions: [
        { layer: 'subnet', rule: 'allow-rdp', priority: 120, access: 'allow' },
        { layer: 'interface', securityGroup: null, rule: null, priority: null, access: 'allow' },
      ],
      doors: [{ kind: 'public-ip', name: 'pip-spare' }],
    });
  });

  test('a packet that is stopped is exit code 1, at the layer that stops it', async () => {
    const { code, out } = await guardrail([
      'explain',
      estate,
      '--from',
      '203.0.113.7',
      '--to',
      'vm-app-1',
      '--port',
      '22',
    ]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^LAYER +SECURITY GROUP +RULE +PRIORITY +ACCESS\nSUBNET +nsg-app +\S+ +\d+ +deny\n\ndeny: 203\.0\.113\.7 → vm-app-1:22\/tcp/,
    );
  });

  test('what was not fully read of a deciding group is remarked', async () => {
    const path = folder.write('odd.json', { name: 'nsg-odd', securityRules: [{ name: 'half' }] });
    const { code, error } = await guardrail([
      'explain',
      path,
      '--from',
      '192.0.2.1',
      '--to',
      'nsg-odd',
      '--port',
      '22',
    ]);
    expect(code).toBe(1);
    expect(error).toContain('note: nsg-odd was not fully read (missing-address)');
  });

  test('icmp needs no port', async () => {
    const { code } = await guardrail([
      'explain',
      estate,
      '--from',
      '203.0.113.7',
      '--to',
      'vm-app-1',
      '--protocol',
      'icmp',
    ]);
    expect(code).toBe(1);
  });

  test('every wrong value is told at once', async () => {
    const args = ['explain', estate, '--from', 'here', '--to', 'vm-app-1', '--port', '70000', '--source-port', '-1'];
    const { code, out, error } = await guardrail(args);
    expect([code, out]).toEqual([2, '']);
    expect(error.trim().split('\n')).toHaveLength(3);
  });

  test('a target that is not in the input is bad input', async () => {
    expect(await guardrail(['explain', estate, '--from', '10.0.0.1', '--to', 'vm-none', '--port', '22'])).toMatchObject(
      { code: 2, out: '' },
    );
  });
});
