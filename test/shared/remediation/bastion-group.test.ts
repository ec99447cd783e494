import { describe, expect, test } from '@jest/globals';
import { bastionNsgComplete } from '../../../shared/controls/bastion-nsg-complete';
import type { Remedy } from '../../../shared/finding';
import { readNetwork } from '../../../shared/network/read';
import { worldOf } from '../../../shared/network/world';
import { prove } from '../../../shared/remediation/prove';
import { change, hubAndSpoke, policyWith, type Resource, rule, withRule } from '../../estate';

const policy = policyWith();

function without(name: (rule: Resource) => boolean): Resource[] {
  return change(hubAndSpoke(), 'nsg-bastion', (_, group) => {
    const properties = group.properties as { securityRules: Resource[] };
    return {
      ...group,
      properties: { ...properties, securityRules: properties.securityRules.filter((each) => !name(each)) },
    };
  });
}

function failedFacts(estate: readonly Resource[]): readonly string[] {
  const { network } = readNetwork(estate);
  const { findings } = bastionNsgComplete.check(network, policy);
  expect(findings).not.toEqual([]);
  return findings.flatMap((finding) =>
    finding.remedies.flatMap((remedy: Remedy) =>
      prove(worldOf(network, estate), finding, remedy, { policy })
        .facts.filter(({ holds }) => !holds)
        .map(({ claim, detail }) => `${remedy.title}: ${claim}: ${detail}`),
    ),
  );
}

describe('remedies on the group of Bastion’s own subnet are proven', () => {
  const group = hubAndSpoke().find(({ name }) => name === 'nsg-bastion') as {
    properties: { securityRules: Resource[] };
  };
  const names = group.properties.securityRules.filter(
    ({ properties }) => (properties as { access: string }).access === 'Allow',
  );
  test.each(names.map(({ name }) => [String(name)]))('when %s was removed', (name) => {
    expect(failedFacts(without((each) => each.name === name))).toEqual([]);
  });

  test.each([
    ['inbound, one port', rule('foreign', 90 + 100, { destinationPortRange: '8443', sourceAddressPrefix: 'Internet' })],
    ['inbound, any port', rule('foreign', 190, { destinationPortRange: '*', sourceAddressPrefix: '10.0.0.0/8' })],
    [
      'outbound',
      rule('foreign', 190, {
        direction: 'Outbound',
        destinationPortRange: '445',
        sourceAddressPrefix: '*',
        destinationAddressPrefix: 'Internet',
      }),
    ],
  ])('when a foreign Allow was added: %s', (_, added) => {
    expect(failedFacts(withRule(hubAndSpoke(), 'nsg-bastion', added))).toEqual([]);
  });
});
