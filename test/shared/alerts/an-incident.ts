/** A repaired RDP incident as test data, and ways to make it worse. */
import type { Exposure, Finding, Witness } from '../../../shared/finding';
import type { Incident } from '../../../shared/incident';

export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
const APP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network`;
export const GROUP = `${APP}/networkSecurityGroups/nsg-App`;
export const RULE = `${GROUP}/securityRules/allow-rdp`;
const ENDPOINT = `${APP}/networkInterfaces/nic-vm-app-1/ipConfigurations/ipconfig1`;

export const EXPOSURE: Exposure = {
  endpoint: ENDPOINT,
  endpointName: 'vm-app-1',
  address: '10.1.0.4',
  protocol: 'tcp',
  port: 3389,
  reportOnly: false,
  sources: ['0.0.0.0/5', '8.0.0.0/7', '11.0.0.0/8', '12.0.0.0/6'],
  reachable: ['0.0.0.0/5'],
  decidedBy: [
    { layer: 'subnet', securityGroup: GROUP, rule: 'allow-rdp', priority: 120 },
    { layer: 'interface', securityGroup: null, rule: null, priority: null },
  ],
  doors: [{ kind: 'public-ip', id: `${APP}/publicIPAddresses/pip-vm-app-1`, name: 'pip-vm-app-1' }],
};

export const WITNESS: Witness = {
  source: '203.0.113.7',
  sourcePort: 49152,
  destination: '10.1.0.4',
  port: 3389,
  protocol: 'tcp',
  path: ['Internet', 'pip-vm-app-1', 'nic-vm-app-1'],
};

export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    control: 'admin-ports-only-from-bastion',
    resource: RULE,
    severity: 'critical',
    title: 'vm-app-1: 3389/tcp is open to the Internet',
    fingerprint: 'f1',
    evidence: { exposures: [EXPOSURE], witness: WITNESS },
    remedies: [],
    restsOn: [],
    ...changes,
  };
}

function ruleAllowing(source: string): unknown {
  return {
    name: 'allow-rdp',
    properties: {
      protocol: 'Tcp',
      sourcePortRange: '*',
      destinationPortRange: '3389',
      sourceAddressPrefix: source,
      destinationAddressPrefix: '*',
      sourceAddressPrefixes: [],
      access: 'Allow',
      priority: 120,
      direction: 'Inbound',
    },
  };
}

export function anIncident(changes: Partial<Incident> = {}): Incident {
  const finding = changes.findings?.[0] ?? aFinding();
  return {
    id: 'inc-20260301-f1',
    scope: { kind: 'network', subscriptionId: SUBSCRIPTION },
    cause: {
      kind: 'change',
      change: {
        eventId: 'e1',
        resourceId: RULE,
        subscriptionId: SUBSCRIPTION,
        operation: 'Microsoft.Network/networkSecurityGroups/securityRules/write',
        kind: 'write',
        actor: { name: 'Dana Ops', objectId: 'oid-1', appId: 'app-1', address: '198.51.100.20' },
        time: '2026-03-01T10:00:00.000Z',
        correlationId: 'corr-1',
      },
    },
    policyHash: 'abc123',
    status: 'repaired',
    fence: 1,
    openedAt: '2026-03-01T10:00:00.900Z',
    closedAt: '2026-03-01T10:00:01.300Z',
    findings: [finding],
    repairs: [
      {
        finding,
        remedy: {
          kind: 'repair',
          title: 'narrow allow-rdp to the Bastion subnet',
          actions: [
            {
              kind: 'narrow-rule-sources',
              securityGroup: GROUP.toLowerCase(),
              rule: 'allow-rdp',
              sources: ['10.0.1.0/26'],
            },
          ],
        },
        proof: [{ claim: 'Bastion still reaches what it reached', holds: true, detail: '6 of 6 paths' }],
        rejected: [{ title: 'remove allow-rdp', why: 'Bastion would lose its way' }],
      },
    ],
    held: [],
    outcomes: [
      {
        resource: GROUP.toLowerCase(),
        requestIds: ['req-1', 'req-2'],
        changes: [{ rule: 'allow-rdp', before: ruleAllowing('Internet'), after: ruleAllowing('10.0.1.0/26') }],
        status: 'applied',
      },
    ],
    gaps: [],
    timings: [
      { step: 'observe', ms: 80.4 },
      { step: 'apply', ms: 210 },
    ],
    ...changes,
  };
}
