import { describe, expect, test } from '@jest/globals';
import { bastionSubnetValid } from '../../../shared/controls/bastion-subnet-valid';
import { hubAndSpoke, policyWith, type Resource } from '../../estate';
import { havingIpConfiguration, havingSubnets, idOf, VNET_HUB } from '../network/addition';
import { findingsOf, leftAfter } from './network-repair';

const SUBNET = `${VNET_HUB}/subnets/AzureBastionSubnet`;
const OWN = `${idOf('rg-hub', 'bastionHosts/bas-hub')}/bastionHostIpConfigurations/IpConf`;
const STRANGER = idOf('rg-hub', 'networkInterfaces/nic-x/ipConfigurations/ip');
const having = (properties: Resource): Resource[] => havingSubnets(hubAndSpoke(), 'vnet-hub', properties);

describe('bastion-subnet-valid', () => {
  test.each<[string, Resource[]]>([
    ['the seed’s subnet', hubAndSpoke()],
    ['a larger subnet', having({ addressPrefix: '10.0.1.0/24' })],
    ['a second, smaller prefix', having({ addressPrefix: undefined, addressPrefixes: ['10.0.1.0/26', '10.0.2.0/28'] })],
    ['the host’s own IP configuration in capitals', having({ ipConfigurations: [{ id: OWN.toUpperCase() }] })],
  ])('allows %s', (_, estate) => {
    expect(findingsOf(bastionSubnetValid, estate).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, string, Resource]>([
    ['a prefix that is too small', 'address prefix', { addressPrefix: '10.0.1.0/27' }],
    [
      'a delegation',
      'delegation',
      { delegations: [{ properties: { serviceName: 'Microsoft.Sql/managedInstances' } }] },
    ],
    ['a stranger in it', 'resources in the subnet', { ipConfigurations: [{ id: OWN }, { id: STRANGER }] }],
  ])('finds %s, and leaves it to a person', (_, setting, properties) => {
    const findings = findingsOf(bastionSubnetValid, having(properties));
    expect(findings.map(({ evidence }) => evidence.discrepancies?.[0]?.setting)).toEqual([setting]);
    expect(findings[0]?.remedies).toEqual([]);
  });

  test('finds a route table and takes it off', () => {
    const estate = having({ routeTable: { id: idOf('rg-hub', 'routeTables/rt') } });
    const findings = findingsOf(bastionSubnetValid, estate);
    expect(findings.map(({ title }) => title)).toEqual([
      'AzureBastionSubnet has route table rt, which Bastion does not support and which can lead sessions elsewhere',
    ]);
    expect(findings[0]?.resource).toBe(SUBNET);
    expect(leftAfter(bastionSubnetValid, estate, findings[0])).toEqual([]);
  });

  test('finds a machine that says of itself that it stands there, though the subnet does not', () => {
    const estate = havingIpConfiguration(hubAndSpoke(), { subnet: { id: SUBNET }, privateIPAddress: '10.0.1.9' });
    const [finding] = findingsOf(bastionSubnetValid, estate);
    expect(finding?.title).toBe('nic-vm-app-1 stands in AzureBastionSubnet, so every machine takes it for Bastion');
  });

  test('finds a subnet of another name', () => {
    const named = JSON.parse(
      JSON.stringify(hubAndSpoke()).replaceAll('AzureBastionSubnet', 'BastionSubnet'),
    ) as Resource[];
    expect(findingsOf(bastionSubnetValid, named).map(({ title }) => title)).toEqual([
      'Bastion stands in BastionSubnet, which is not named AzureBastionSubnet',
    ]);
  });

  test('a subnet made anew with another wrong prefix is another fault', () => {
    const [first] = findingsOf(bastionSubnetValid, having({ addressPrefix: '10.0.1.0/27' }));
    const [second] = findingsOf(bastionSubnetValid, having({ addressPrefix: '10.0.9.0/27' }));
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
  });

  test('proposes nothing where no host is pinned', () => {
    const estate = having({ routeTable: { id: idOf('rg-hub', 'routeTables/rt') } });
    const [finding] = findingsOf(bastionSubnetValid, estate, policyWith({ bastionHosts: [] }));
    expect(finding?.remedies).toEqual([]);
  });
});
