import { describe, expect, test } from '@jest/globals';
import { subnetHasNsg } from '../../../shared/controls/subnet-has-nsg';
import type { Finding } from '../../../shared/finding';
import { change, hubAndSpoke, networkOf, policyWith, type Resource, withPublicIp } from '../../estate';
import { having, havingSubnets, idOf, VNET_APP } from '../network/addition';

const subnet = (name: string, properties: Resource = {}): Resource => ({
  id: `${VNET_APP}/subnets/${name}`,
  type: 'Microsoft.Network/virtualNetworks/subnets',
  name,
  properties: { addressPrefix: '10.1.9.0/24', ...properties },
});

const detached = havingSubnets(hubAndSpoke(), 'vnet-app', { networkSecurityGroup: undefined });
const group = { networkSecurityGroup: { id: idOf('rg-data', 'networkSecurityGroups/nsg-data') } };
const ofSku = (estate: readonly Resource[], sku: string): Resource[] =>
  change(withPublicIp(estate, 'nic-vm-app-1'), 'pip-spare', (_, resource) => ({ ...resource, sku: { name: sku } }));

function check(estate: readonly Resource[]): readonly Finding[] {
  return subnetHasNsg.check(networkOf(estate), policyWith()).findings;
}

describe('subnet-has-nsg', () => {
  test.each<[string, readonly Resource[]]>([
    ['the seed’s hub and spoke, where only Bastion’s subnet is of another kind', hubAndSpoke()],
    ['a subnet with a group', [...hubAndSpoke(), subnet('snet-new', group)]],
    ['a gateway’s subnet', [...hubAndSpoke(), subnet('GatewaySubnet')]],
    [
      'a delegated subnet',
      [
        ...hubAndSpoke(),
        subnet('snet-web', { delegations: [{ properties: { serviceName: 'Microsoft.Web/serverFarms' } }] }),
      ],
    ],
    [
      'a subnet of an Application Gateway, in which nothing else can stand',
      [
        ...hubAndSpoke(),
        subnet('snet-waf', {
          applicationGatewayIPConfigurations: [
            { id: idOf('rg-app', 'applicationGateways/waf/gatewayIPConfigurations/gw') },
          ],
        }),
      ],
    ],
    [
      'a group that is named but was not read, which the reader reports',
      [
        ...hubAndSpoke(),
        subnet('snet-new', { networkSecurityGroup: { id: idOf('rg-app', 'networkSecurityGroups/elsewhere') } }),
      ],
    ],
  ])('allows %s', (_, estate) => {
    expect(check(estate).map(({ title }) => title)).toEqual([]);
  });

  test.each<[string, readonly Resource[], Partial<Finding>]>([
    [
      'a group detached from the machines’ subnet',
      detached,
      { severity: 'high', title: 'vnet-app/snet-app has no security group, and 2 machines stand in it', remedies: [] },
    ],
    [
      'a subnet that waits for its first machine',
      [...hubAndSpoke(), subnet('snet-new')],
      { severity: 'low', title: 'vnet-app/snet-new has no security group' },
    ],
    ['a machine that a Basic public IP leads to', ofSku(detached, 'Basic'), { severity: 'critical' }],
    ['a machine that a Standard public IP keeps closed', ofSku(detached, 'Standard'), { severity: 'high' }],
    [
      'machines that each have a group of their own',
      having(having(detached, 'nic-vm-app-1', group), 'nic-vm-app-2', group),
      { severity: 'medium' },
    ],
    [
      'one machine of two with a group of its own, although it is the one with the public IP',
      having(ofSku(detached, 'Basic'), 'nic-vm-app-1', group),
      { severity: 'high' },
    ],
    [
      'a subnet with a load balancer’s front end',
      [
        ...hubAndSpoke(),
        subnet('snet-lb', {
          ipConfigurations: [{ id: idOf('rg-app', 'loadBalancers/lb/frontendIPConfigurations/fe') }],
        }),
      ],
      { severity: 'low' },
    ],
  ])('finds %s', (_, estate, expected) => {
    const findings = check(estate);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject(expected);
  });

  test('skips a subnet that belongs to a service, and says so where machines stand in it', () => {
    const delegated = {
      networkSecurityGroup: undefined,
      delegations: [{ properties: { serviceName: 'Microsoft.X/y' } }],
    };
    const { findings, skipped } = subnetHasNsg.check(
      networkOf(havingSubnets(hubAndSpoke(), 'vnet-app', delegated)),
      policyWith(),
    );
    expect(findings).toEqual([]);
    expect(skipped).toMatchObject([{ name: 'vnet-app/snet-app', why: 'platform-managed: delegated to Microsoft.X/y' }]);
  });

  test('is the same finding whatever stands in the subnet, and another one elsewhere', () => {
    const [found] = check(detached);
    const [worse] = check(ofSku(detached, 'Basic'));
    const [elsewhere] = check(havingSubnets(hubAndSpoke(), 'vnet-data', { networkSecurityGroup: undefined }));
    expect(worse?.fingerprint).toBe(found?.fingerprint);
    expect(elsewhere?.fingerprint).not.toBe(found?.fingerprint);
  });
});
