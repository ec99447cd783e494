import { describe, expect, test } from '@jest/globals';
import { inboundNatAvoidsAdminPorts } from '../../../shared/controls/inbound-nat-avoids-admin-ports';
import type { Finding } from '../../../shared/finding';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { hubAndSpoke, networkOf, policyWith, type Resource, rule, withRule } from '../../estate';
import { added, havingSubnets, idOf, NIC_APP, VNET_APP } from '../network/addition';
import {
  balancer,
  balancing,
  byPolicy,
  classic,
  dnat,
  FRONTEND,
  gateway,
  LB,
  NAT_RULE,
  natted,
  natting,
  opened,
  pooled,
  PRIVATE_FRONTEND,
} from './forwarders';
import { findingsOf, leftAfter } from './network-repair';

const find = (estate: readonly Resource[], policy?: AccessPolicy): readonly Finding[] =>
  findingsOf(inboundNatAvoidsAdminPorts, estate, policy);

describe('inbound-nat-avoids-admin-ports', () => {
  test.each<[string, Resource[]]>([
    ['a load balancer for HTTPS', [...pooled, balancer(balancing(443, 443))]],
    ['port 22 in front of HTTPS', [...pooled, balancer(balancing(22, 443))]],
    ['UDP on 3389', [...pooled, balancer(balancing(3389, 3389, { protocol: 'Udp' }))]],
    ['DNAT to HTTPS', [...hubAndSpoke(), ...classic([dnat('web', '443')])]],
    [
      'a NAT rule whose front end is gone',
      [...hubAndSpoke(), balancer({ ...natting(22), frontendIPConfigurations: [] })],
    ],
  ])('allows %s', (_, estate) => {
    expect(find(estate).map(({ title }) => title)).toEqual([]);
  });

  test('allows DNAT that takes only senders the policy lets in', () => {
    const policy = policyWith({
      additionalSources: [{ sources: ['203.0.113.0/24'], owner: 'PAM', reviewBy: '2030-01-01' }],
    });
    const estate = [...hubAndSpoke(), ...classic([dnat('pam', '22', { sourceAddresses: ['203.0.113.7'] })])];
    expect(find(estate, policy)).toEqual([]);
    expect(find(estate)).toHaveLength(1);
  });

  test.each<[string, string, Finding['severity'], Resource[]]>([
    [
      'a NAT rule on another port',
      'lb/ssh-1 forwards pip-lb:50001 to 22/tcp of vm-app-1',
      'critical',
      [...opened(natted), balancer(natting(22))],
    ],
    [
      'the same where the rules let nobody in yet',
      'lb/ssh-1 forwards pip-lb:50001 to 22/tcp of vm-app-1',
      'high',
      [...natted, balancer(natting(22))],
    ],
    [
      'a load balancing rule',
      'lb/lbr forwards pip-lb:443 to 3389/tcp of vm-app-1',
      'high',
      [...pooled, balancer(balancing(443, 3389))],
    ],
    [
      'one that nobody stands behind yet',
      'lb/lbr forwards pip-lb:22 to 22/tcp of no machine that is known yet',
      'high',
      [...hubAndSpoke(), balancer(balancing(22, 22))],
    ],
    [
      'a private one where the rules let others in',
      'lb/lbr forwards 10.1.0.100:22 to 22/tcp of vm-app-1',
      'medium',
      [
        ...withRule(pooled, 'nsg-app', rule('in', 150, { destinationPortRange: '22' })),
        balancer(balancing(22, 22), PRIVATE_FRONTEND),
      ],
    ],
    [
      'a private one where they do not',
      'lb/lbr forwards 10.1.0.100:22 to 22/tcp of vm-app-1',
      'low',
      [...pooled, balancer(balancing(22, 22), PRIVATE_FRONTEND)],
    ],
    [
      'DNAT of a classic firewall',
      'fw/nat/ssh forwards 198.51.100.2:2222 to 22/tcp of vm-app-1',
      'critical',
      [
        ...withRule(
          hubAndSpoke(),
          'nsg-app',
          rule('fw', 150, { sourceAddressPrefix: '10.0.2.0/26', destinationPortRange: '22' }),
        ),
        ...classic([dnat('ssh', '22')]),
      ],
    ],
    [
      'DNAT of a firewall policy',
      'fw/nat/ssh forwards 198.51.100.2:2222 to 22/tcp of vm-app-1',
      'high',
      [...hubAndSpoke(), ...byPolicy([dnat('ssh', '22'), dnat('web', '443')], 'fw')],
    ],
    ['a layer 4 listener', 'agw/r forwards pip-lb:8022 to 22/tcp of vm-app-1', 'high', [...hubAndSpoke(), gateway]],
  ])('finds %s, and takes it away', (_, title, severity, estate) => {
    const findings = find(estate);
    expect(findings.map((finding) => [finding.severity, finding.title])).toEqual([[severity, title]]);
    expect(leftAfter(inboundNatAvoidsAdminPorts, estate, findings[0])).toEqual([]);
  });

  test('says who comes in by it', () => {
    const [finding] = find([...opened(natted), balancer(natting(22))]);
    expect(finding?.evidence.namedDoors).toEqual([NAT_RULE]);
    expect(finding?.evidence.exposures.map(({ port, doors }) => [port, doors[0]?.frontendPort])).toEqual([[22, 50001]]);
  });

  test('takes the reference on the interface away before the NAT rule', () => {
    const [finding] = find([...natted, balancer(natting(22))]);
    expect(finding?.remedies[0]?.actions).toMatchObject([
      { kind: 'edit-resource', resource: idOf('rg-app', 'networkInterfaces/nic-vm-app-1').toLowerCase() },
      {
        kind: 'edit-resource',
        resource: LB.toLowerCase(),
        edits: [{ path: ['properties', 'inboundNatRules', { named: 'ssh-1' }] }],
      },
    ]);
  });

  test('deletes a NAT rule that is a resource of its own', () => {
    const { inboundNatRules } = natting(22);
    const [child] = inboundNatRules as Resource[];
    const estate = [...natted, balancer({}), { ...child, type: 'Microsoft.Network/loadBalancers/inboundNatRules' }];
    const [finding] = find(estate);
    expect(finding?.remedies[0]?.actions.at(-1)).toEqual({ kind: 'delete-resource', resource: NAT_RULE.toLowerCase() });
    expect(leftAfter(inboundNatAvoidsAdminPorts, estate, finding)).toEqual([]);
  });

  test('takes one DNAT rule out of its collection, and the collection with the last one', () => {
    const two = find([...hubAndSpoke(), ...byPolicy([dnat('ssh', '22'), dnat('web', '443')], 'fw')]);
    const one = find([...hubAndSpoke(), ...byPolicy([dnat('ssh', '22')], 'fw')]);
    const collection = ['properties', 'ruleCollections', { named: 'nat' }];
    expect(two[0]?.remedies[0]?.actions).toMatchObject([
      { edits: [{ path: [...collection, 'rules', { named: 'ssh' }] }] },
    ]);
    expect(one[0]?.remedies[0]?.actions).toMatchObject([{ edits: [{ path: collection }] }]);
    expect(one[0]?.fingerprint).toBe(two[0]?.fingerprint);
  });

  test('tells of a rule once, though two firewalls follow the policy', () => {
    expect(find([...hubAndSpoke(), ...byPolicy([dnat('ssh', '22')], 'fw', 'fw-2')])).toHaveLength(1);
  });

  test('leaves what forwards every port to a person', () => {
    const [finding] = find([...pooled, balancer(balancing(0, 0, { protocol: 'All' }), PRIVATE_FRONTEND)]);
    expect(finding?.title).toContain('to 22/tcp, 3389/tcp, 5985/tcp, 5986/tcp of vm-app-1');
    expect(finding?.remedies[0]?.needsPerson).toMatch(/every port/);
  });

  test('leaves the NAT pool of a scale set to a person', () => {
    const natPool = {
      inboundNatPools: [
        {
          name: 'np',
          properties: {
            frontendIPConfiguration: FRONTEND,
            protocol: 'Tcp',
            frontendPortRangeStart: 50000,
            frontendPortRangeEnd: 50099,
            backendPort: 22,
          },
        },
      ],
    };
    const estate = [...hubAndSpoke(), balancer(natPool)];
    const [finding] = find(estate);
    expect(finding?.title).toBe('lb/np forwards pip-lb:50000-50099 to 22/tcp of no machine that is known yet');
    expect(finding?.remedies[0]?.needsPerson).toMatch(/scale set/);
    expect(leftAfter(inboundNatAvoidsAdminPorts, estate, finding)).toEqual([]);
  });

  test('asks before members of the pool lose their way out', () => {
    const withoutGateway = havingSubnets(pooled, 'vnet-app', { natGateway: undefined });
    const [asked] = find([...withoutGateway, balancer(balancing(22, 22))]);
    expect(asked?.remedies[0]?.needsApproval).toMatch(/nic-vm-app-1 may go out/);
    const [unasked] = find([...withoutGateway, balancer(balancing(22, 22, { disableOutboundSnat: true }))]);
    expect(unasked?.remedies[0]?.needsApproval).toBeUndefined();
  });

  test('reports a Private Link service, and proposes nothing', () => {
    const service = added('privateLinkServices/pls', {
      ipConfigurations: [
        { properties: { subnet: { id: `${VNET_APP}/subnets/snet-app` }, privateIPAddress: '10.1.0.200' } },
      ],
      loadBalancerFrontendIpConfigurations: [FRONTEND],
    });
    const findings = find([...pooled, balancer(balancing(22, 22), PRIVATE_FRONTEND), service]);
    expect(
      findings
        .map(({ title, remedies }) => [title, remedies.length])
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['lb/lbr forwards 10.1.0.100:22 to 22/tcp of vm-app-1', 1],
      ['pls forwards pls:22 to 22/tcp of vm-app-1', 0],
    ]);
  });

  test('only reports ports that the policy only reports', () => {
    const findings = find([...pooled, balancer(balancing(5986, 5986))]);
    expect(findings.map(({ remedies }) => remedies.length)).toEqual([0]);
  });

  test('proposes nothing where no host is pinned: the front end may be the only way its owner has', () => {
    const findings = find([...natted, balancer(natting(22))], policyWith({ bastionHosts: [] }));
    expect(findings.map(({ remedies }) => remedies.length)).toEqual([0]);
  });

  test('keeps its hands off machines that a service manages', () => {
    const group = {
      id: NIC_APP.split('/').slice(0, 5).join('/'),
      type: 'Microsoft.Resources/resourceGroups',
      managedBy: 'aks',
    };
    expect(find([...natted, balancer(natting(22)), group])).toEqual([]);
  });

  test('looks only behind the groups that are asked about, unless anything else is asked about as well', () => {
    const estate = [...natted, balancer(natting(22))];
    const found = (...keys: string[]): number =>
      inboundNatAvoidsAdminPorts.check(networkOf(estate), policyWith(), new Set(keys)).findings.length;
    expect(found(idOf('rg-data', 'networkSecurityGroups/nsg-data').toLowerCase())).toBe(0);
    expect(found(idOf('rg-app', 'networkSecurityGroups/nsg-app').toLowerCase())).toBe(1);
    expect(found(LB.toLowerCase())).toBe(1);
  });
});
