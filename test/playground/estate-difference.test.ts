import { expect, test } from '@jest/globals';
import { type Estate, estateDifference } from '../../playground/stories/estate';

const ID = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network';

function estate(...resources: readonly { readonly id: string }[]): Estate {
  return new Map(resources.map((resource) => [resource.id.toLowerCase(), resource]));
}

function network(
  subnet: object,
  etag = 'W/"1"',
): { readonly id: string; readonly etag: string; readonly properties: object } {
  const properties = { subnets: [{ name: 'snet', etag, properties: subnet }] };
  return { id: `${ID}/virtualNetworks/vnet`, etag, properties };
}

test.each<[string, Estate, Estate, string[]]>([
  ['nothing but etags', estate(network({})), estate(network({}, 'W/"2"')), []],
  [
    'a reference that went',
    estate(network({ networkSecurityGroup: { id: `${ID}/networkSecurityGroups/nsg` } })),
    estate(network({})),
    ['vnet/snet/networkSecurityGroup: nsg → none'],
  ],
  ['a resource that came', estate(), estate(network({})), ['vnet: none → vnet']],
  [
    'a list that was not there',
    estate(network({})),
    estate(network({ serviceEndpoints: [{ service: 'Microsoft.Storage' }] })),
    ['vnet/snet/serviceEndpoints: none → Microsoft.Storage'],
  ],
  [
    'a switch',
    estate(network({ defaultOutboundAccess: false })),
    estate(network({ defaultOutboundAccess: true })),
    ['vnet/snet/defaultOutboundAccess: false → true'],
  ],
])('the difference of two estates shows %s', (_, before, after, lines) => {
  expect(estateDifference(before, after)).toEqual(lines);
});

function listed(...securityRules: readonly object[]): Estate {
  const group = { id: `${ID}/networkSecurityGroups/nsg`, properties: { securityRules } };
  return estate(group);
}

test('an order of named things is no difference', () => {
  const [one, other] = [{ name: 'a' }, { name: 'b' }];
  expect(estateDifference(listed(one, other), listed(other, one))).toEqual([]);
});
