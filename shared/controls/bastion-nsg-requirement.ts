/** What a security group on AzureBastionSubnet has to let through, as data (https://learn.microsoft.com/azure/bastion/bastion-nsg). */
import type { BastionSettings, Direction } from '../network/network';
import type { AccessPolicy } from '../policy/policy';

/** The far side of the traffic: a tag as Azure spells it. The near side is Bastion's own subnet. */
type FarSide = 'Internet' | 'GatewayManager' | 'AzureLoadBalancer' | 'VirtualNetwork' | 'AzureCloud';

export interface Requirement {
  /** Stable: part of fingerprints, and of the names of rules that are added. */
  readonly id: string;
  readonly direction: Direction;
  readonly far: FarSide;
  readonly ports: readonly number[];
  /** Whether a part of the far side is enough: Azure's own page lets people name their own addresses there. */
  readonly mayBeNarrower: boolean;
  readonly protocol: 'Tcp' | '*';
  /** What Azure's page gives as near side of the rule. */
  readonly near: '*' | 'VirtualNetwork';
  readonly purpose: string;
}

const INBOUND_HTTPS: Requirement = {
  id: 'https-inbound',
  direction: 'inbound',
  far: 'Internet',
  ports: [443],
  mayBeNarrower: true,
  protocol: 'Tcp',
  near: '*',
  purpose: 'people reach Bastion itself',
};

const ALWAYS: readonly Requirement[] = [
  {
    id: 'gateway-manager-inbound',
    direction: 'inbound',
    far: 'GatewayManager',
    ports: [443],
    mayBeNarrower: false,
    protocol: 'Tcp',
    near: '*',
    purpose: 'Azure’s control plane reaches Bastion',
  },
  {
    id: 'load-balancer-inbound',
    direction: 'inbound',
    far: 'AzureLoadBalancer',
    ports: [443],
    mayBeNarrower: false,
    protocol: 'Tcp',
    near: '*',
    purpose: 'health probes reach Bastion',
  },
  {
    id: 'data-plane-inbound',
    direction: 'inbound',
    far: 'VirtualNetwork',
    ports: [5701, 8080],
    mayBeNarrower: false,
    protocol: '*',
    near: 'VirtualNetwork',
    purpose: 'the parts of Bastion reach each other',
  },
  {
    id: 'sessions-outbound',
    direction: 'outbound',
    far: 'VirtualNetwork',
    ports: [22, 3389],
    mayBeNarrower: true,
    protocol: '*',
    near: '*',
    purpose: 'Bastion reaches the machines',
  },
  {
    id: 'azure-cloud-outbound',
    direction: 'outbound',
    far: 'AzureCloud',
    ports: [443],
    mayBeNarrower: false,
    protocol: 'Tcp',
    near: '*',
    purpose: 'Bastion stores logs and diagnostics',
  },
  {
    id: 'data-plane-outbound',
    direction: 'outbound',
    far: 'VirtualNetwork',
    ports: [5701, 8080],
    mayBeNarrower: false,
    protocol: '*',
    near: 'VirtualNetwork',
    purpose: 'the parts of Bastion reach each other',
  },
  {
    id: 'http-outbound',
    direction: 'outbound',
    far: 'Internet',
    ports: [80],
    mayBeNarrower: false,
    protocol: '*',
    near: '*',
    purpose: 'sessions, shareable links and certificates are checked',
  },
];

/** What this host needs: a private-only one takes nobody from the Internet. */
export function requirementsFor(isPrivateOnly: boolean): readonly Requirement[] {
  return isPrivateOnly ? ALWAYS : [INBOUND_HTTPS, ...ALWAYS];
}

/** Traffic a custom Allow may speak of. `insideOnly`: only with addresses of the virtual network at the far side. */
export interface Permitted {
  readonly direction: Direction;
  readonly ports: readonly number[];
  readonly insideOnly: boolean;
}

/** Ports of Kerberos sign-in (https://learn.microsoft.com/azure/bastion/kerberos-authentication-portal). */
const KERBEROS_PORTS = [53, 88, 389, 464, 636];

/** Everything that may stand in such a group as an Allow: all else is foreign there. */
export function permittedBy({ bastion }: AccessPolicy, settings: BastionSettings | undefined): readonly Permitted[] {
  // A policy that does not speak of Kerberos leaves it to the host.
  const hasKerberos = bastion.kerberos ?? settings?.kerberos ?? false;
  const sessions = [22, 3389, ...bastion.customPorts, ...(hasKerberos ? KERBEROS_PORTS : [])];
  return [
    { direction: 'inbound', ports: [443], insideOnly: false },
    { direction: 'inbound', ports: [5701, 8080], insideOnly: true },
    { direction: 'outbound', ports: [80, 443], insideOnly: false },
    { direction: 'outbound', ports: [5701, 8080, ...sessions], insideOnly: true },
  ];
}
