import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020';
import { hubAndSpoke, rule, withPublicIp, withRule } from '../estate';
import { ALEX, assigned, READER, SUBSCRIPTION, tenant, withAssignments, withPolicy } from '../tenant';
import { Folder, guardrailJson } from './command';
import { exportedTenant } from './exported-tenant';

const folder = new Folder();
afterAll(() => folder.remove());

const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/check-schema.json'), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

const estate = hubAndSpoke();
const openRdp = rule('allow-rdp', 120, { destinationPortRange: '3389', sourceAddressPrefix: 'Internet' });
const tagged = rule('allow-tag', 121, { destinationPortRange: '22', sourceAddressPrefix: 'AzureCloud' });

/** Without the machines: the estate has them. */
function weakSignIn(): Readonly<Record<string, unknown>> {
  const weak = withPolicy(tenant(), (before) => ({ ...before, state: 'disabled' }));
  return { ...exportedTenant(withAssignments(weak, assigned(ALEX, READER, SUBSCRIPTION))), 'machines.json': [] };
}

describe('the published schema of check --format json', () => {
  test.each<[string, unknown]>([
    ['a clean estate', estate],
    ['an open one', withRule(withPublicIp(estate, 'nic-vm-app-1'), 'nsg-app', openRdp, tagged)],
    ['a security group on its own', { name: 'nsg', securityRules: [openRdp, { name: 'half' }, { name: 'half' }] }],
    [
      'subnets without their groups',
      estate.filter((resource) => !String(resource.type).endsWith('networkSecurityGroups')),
    ],
    ['a Bastion host without its network', estate.filter((resource) => resource.name === 'bas-hub')],
    ['sign-in settings that keep every promise', Object.values(exportedTenant(tenant()))],
    ['a sign-in that is weak, beside a network', [...estate, ...Object.values(weakSignIn())]],
  ])('holds for %s', async (_, content) => {
    const report = await guardrailJson<unknown>(['check', folder.write('input.json', content)]);
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('refuses what is no report', () => {
    expect(validate({ schemaVersion: 2 })).toBe(false);
  });
});
