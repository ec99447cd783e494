// The rules a security group must hold while it stands on AzureBastionSubnet.
import { refuse } from '../arm-error';
import type { EstateView } from '../estate';
import type { JsonObject } from '../json';
import { listAt, sameText, textAt, textsAt } from '../json';
import { usersOf } from './back-references';

interface Requirement {
  readonly direction: 'Inbound' | 'Outbound';
  readonly port: number;
  /** The far end: the source of inbound, the destination of outbound traffic; undefined: any (it may be narrowed). */
  readonly far?: string;
}

// learn.microsoft.com/azure/bastion/bastion-nsg; port 80 to the Internet is recommended there, not required.
const REQUIREMENTS: readonly Requirement[] = [
  { direction: 'Inbound', port: 443, far: 'GatewayManager' },
  { direction: 'Inbound', port: 443, far: 'AzureLoadBalancer' },
  { direction: 'Inbound', port: 443 },
  { direction: 'Inbound', port: 8080, far: 'VirtualNetwork' },
  { direction: 'Inbound', port: 5701, far: 'VirtualNetwork' },
  { direction: 'Outbound', port: 22 },
  { direction: 'Outbound', port: 3389 },
  { direction: 'Outbound', port: 8080, far: 'VirtualNetwork' },
  { direction: 'Outbound', port: 5701, far: 'VirtualNetwork' },
  { direction: 'Outbound', port: 443, far: 'AzureCloud' },
];

const PLATFORM_TAGS = ['GatewayManager', 'AzureLoadBalancer', 'VirtualNetwork'];

function coversPort(rule: JsonObject, port: number): boolean {
  const one = textAt(rule, 'properties', 'destinationPortRange');
  const ranges = [...(one ? [one] : []), ...textsAt(rule, 'properties', 'destinationPortRanges')];
  return ranges.some((range) => {
    if (range === '*') return true;
    const [first, last = first] = range.split('-').map(Number);
    return first !== undefined && last !== undefined && first <= port && port <= last;
  });
}

function coversFar(rule: JsonObject, requirement: Requirement): boolean {
  const side = requirement.direction === 'Inbound' ? 'source' : 'destination';
  const one = textAt(rule, 'properties', `${side}AddressPrefix`);
  const { far } = requirement;
  if (one === '*') return true;
  if (far !== undefined) return sameText(one, far);
  // The user's own 443 may come from chosen addresses, but the platform's tags stand for other traffic.
  return requirement.direction === 'Outbound' || !PLATFORM_TAGS.some((tag) => sameText(tag, one));
}

function meets(rule: JsonObject, requirement: Requirement): boolean {
  const protocol = textAt(rule, 'properties', 'protocol');
  return (
    sameText(textAt(rule, 'properties', 'direction'), requirement.direction) &&
    sameText(textAt(rule, 'properties', 'access'), 'Allow') &&
    (protocol === '*' || sameText(protocol, 'Tcp')) &&
    coversPort(rule, requirement.port) &&
    coversFar(rule, requirement)
  );
}

function unmet(rules: readonly JsonObject[]): Requirement[] {
  return REQUIREMENTS.filter((requirement) => !rules.some((rule) => meets(rule, requirement)));
}

function notCompliant(groupId: string): Error {
  return refuse(
    'NetworkSecurityGroupNotCompliantForAzureBastionSubnet',
    `Network security group ${groupId} does not have necessary rules for Azure Bastion Subnet AzureBastionSubnet.`,
  );
}

/** Refuses putting an incomplete security group on AzureBastionSubnet. */
export function checkBastionAttachment(groupId: string, rules: readonly JsonObject[]): void {
  if (unmet(rules).length > 0) throw notCompliant(groupId);
}

/** Refuses taking a required rule away from a group on AzureBastionSubnet; what was missing before may stay missing. */
export function checkBastionRulesKept(
  groupId: string,
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  estate: EstateView,
): void {
  const onBastionSubnet = usersOf('subnetWithGroup', groupId, estate).some(({ id }) =>
    /\/subnets\/AzureBastionSubnet$/i.test(id),
  );
  if (!onBastionSubnet) return;
  const missingBefore = unmet(before);
  if (unmet(after).some((requirement) => !missingBefore.includes(requirement))) throw notCompliant(groupId);
}

/** The custom rules of a stored security group. */
export function rulesOf(body: JsonObject): JsonObject[] {
  return listAt(body, 'properties', 'securityRules');
}
