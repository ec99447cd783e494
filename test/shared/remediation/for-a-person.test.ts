import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../../shared/finding';
import { askPerson } from '../../../shared/remediation/for-a-person';

const NETWORK = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network';
const CONFIGURATION = `${NETWORK}/networkManagers/avnm/securityAdminConfigurations/baseline`;

function causedBy(resource: string, rule?: string): Finding {
  const decision = { layer: 'admin', securityGroup: resource, rule: rule ?? null, priority: 1 } as const;
  const exposure = {
    endpoint: 'e',
    endpointName: 'vm',
    address: '10.0.0.4',
    protocol: 'tcp',
    port: 22,
    reportOnly: false,
    sources: ['0.0.0.0/0'],
    reachable: [],
    decidedBy: rule === undefined ? [] : [decision],
    doors: [],
  } as const;
  return {
    control: 'c',
    resource,
    severity: 'high',
    title: 't',
    fingerprint: 'f',
    evidence: { exposures: [exposure] },
    remedies: [],
    restsOn: [],
  };
}

describe('shared/remediation/for-a-person', () => {
  test.each<[string, Finding, RegExp]>([
    [
      'a security admin rule',
      causedBy(CONFIGURATION, 'let-in'),
      /^security admin rule let-in of baseline always allows it.*network manager/,
    ],
    [
      'a missing group',
      causedBy(`${NETWORK}/virtualNetworks/v/subnets/snet-app`),
      /^no security group stands before snet-app: attach one/,
    ],
    ['a forwarding', causedBy(`${NETWORK}/loadBalancers/lb/inboundNatRules/ssh`), /^ssh forwards to an admin port/],
    ['a group', causedBy(`${NETWORK}/networkSecurityGroups/nsg-app`), /^no change of one rule of nsg-app would end it/],
  ])('names %s as the cause', (_, finding, sentence) => {
    expect(askPerson(finding)).toMatch(sentence);
  });
});
