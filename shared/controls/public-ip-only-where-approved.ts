/** Public IPs sit only on the kinds of resources that may have one, and on what the policy names. */
import { type Finding, severityRank } from '../finding';
import { fingerprintOf } from '../fingerprint';
import type { Door } from '../network/door';
import { type Endpoint, endpointsOf } from '../network/endpoint';
import {
  type Interface,
  type IpConfiguration,
  keyOf,
  nameOf,
  type Network,
  type PublicIp,
  type ResourceKey,
} from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Checked, NetworkControl, Skipped } from './control';
import { type Entrances, entrancesOf } from './entrance';
import { detachRemedies, scaleSetOf } from './public-ip-remedies';
import { publicIpKindOf } from './public-ip-kind';

const ID = 'public-ip-only-where-approved';

export const publicIpOnlyWhereApproved: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Public IP addresses sit only where the policy allows them',
  why: 'A public address on a machine is a way in that does not lead through Bastion: from then on one wrong rule is enough to put its SSH or RDP port on the Internet.',
  references: [
    'https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses',
    'https://learn.microsoft.com/azure/virtual-network/ip-services/remove-public-ip-address-vm',
  ],
  check,
};

/** An interface's IP configuration that has a public IP it should not have. */
interface Attachment {
  readonly nic: Interface;
  readonly ip: IpConfiguration;
  readonly publicIp: PublicIp;
}

function check(network: Network, policy: AccessPolicy): Checked {
  const attachments = attachmentsIn(network).filter((each) => !isApproved(policy, namesOf(each)));
  const findings = [...findElsewhere(network, policy)];
  const skipped: Skipped[] = [];
  if (attachments.length > 0) {
    const entrances = entrancesOf(network, policy);
    const endpoints = endpointsAt(network, attachments);
    for (const attachment of attachments) {
      const { nic, ip } = attachment;
      const subnet = ip.subnet === undefined ? undefined : network.subnets.get(ip.subnet);
      const owner = subnet?.platformManaged ?? nic.platformManaged;
      if (owner !== undefined) {
        skipped.push({ control: ID, resource: ip.id, name: nic.name, why: `platform-managed: ${owner}`, ports: [] });
        continue;
      }
      findings.push(findingOf(attachment, endpoints.get(keyOf(ip.id)), { network, policy, entrances }));
    }
  }
  return { findings: findings.toSorted(byGravity), gaps: [], skipped };
}

function byGravity(a: Finding, b: Finding): number {
  return severityRank(a.severity) - severityRank(b.severity) || a.fingerprint.localeCompare(b.fingerprint);
}

/** Instances of a scale set follow its model: what the model says is told once, and not for each of them. */
function attachmentsIn(network: Network): Attachment[] {
  const all = [...network.interfaces.values()].flatMap((nic) =>
    nic.ipConfigurations.flatMap((ip): Attachment[] => {
      if (ip.publicIp === undefined) return [];
      const unread: PublicIp = { id: ip.publicIp, name: nameOf(ip.publicIp), sku: 'basic' };
      return [{ nic, ip, publicIp: network.publicIps.get(ip.publicIp) ?? unread }];
    }),
  );
  const modelled = new Set(all.map(placeOf));
  return all.filter((each) => !isInstance(each.nic.id) || !modelled.has(modelOf(each)));
}

const INSTANCE = /(\/virtualmachinescalesets\/[^/]+)\/virtualmachines\/[^/]+\//i;

function isInstance(id: string): boolean {
  return INSTANCE.test(id);
}

function placeOf({ nic, ip }: Attachment): string {
  return `${keyOf(nic.id)} ${ip.name.toLowerCase()}`;
}

function modelOf({ nic, ip }: Attachment): string {
  return `${keyOf(nic.id.replace(INSTANCE, '$1/'))} ${ip.name.toLowerCase()}`;
}

function namesOf({ nic, ip, publicIp }: Attachment): readonly string[] {
  const machine = nic.virtualMachine === undefined ? [] : [nic.virtualMachine];
  return [publicIp.id, nic.id, ip.id, ...machine];
}

/** By its own id or by the id of anything above it. */
function isApproved(policy: AccessPolicy, ids: readonly string[]): boolean {
  return policy.publicIps.approved.some((approved) => {
    const key = keyOf(approved.id).replace(/\/$/, '');
    return ids.some((id) => keyOf(id) === key || keyOf(id).startsWith(`${key}/`));
  });
}

function endpointsAt(network: Network, attachments: readonly Attachment[]): ReadonlyMap<ResourceKey, Endpoint> {
  const interfaces = new Map(attachments.map(({ nic }) => [keyOf(nic.id), nic]));
  // Only these interfaces are asked about; everything else of the network stays for the rules and the doors.
  const endpoints = endpointsOf({ ...network, interfaces }).filter(({ kind }) => kind === 'interface');
  return new Map(endpoints.map((endpoint) => [keyOf(endpoint.id), endpoint]));
}

interface Sight {
  readonly network: Network;
  readonly policy: AccessPolicy;
  readonly entrances: Entrances;
}

function isPublicIp({ kind }: Door): boolean {
  return kind === 'public-ip';
}

function findingOf(attachment: Attachment, endpoint: Endpoint | undefined, sight: Sight): Finding {
  const { nic, ip, publicIp } = attachment;
  const { network, policy, entrances } = sight;
  const isOpen = endpoint !== undefined && entrances.isOpenToInternet(endpoint, isPublicIp);
  const machine = nic.virtualMachine === undefined ? undefined : nameOf(nic.virtualMachine);
  const place = machine === undefined ? `interface ${nic.name}` : `${machine} (${nic.name})`;
  const address = publicIp.address === undefined ? '' : ` ${publicIp.address}`;
  // Without a pinned host nobody knows whether Bastion leads there: the address may be the only way its owner has.
  const isPinned = policy.bastionHosts.length > 0;
  const otherTraffic = endpoint && entrances.otherTraffic(endpoint, isPublicIp);
  return {
    control: ID,
    resource: scaleSetOf(nic) ?? nic.id,
    severity: isOpen ? 'critical' : 'high',
    title: `${place} has public IP ${publicIp.name}${address}, which nobody approved`,
    fingerprint: fingerprintOf(ID, keyOf(nic.id), ip.name.toLowerCase(), keyOf(publicIp.id)),
    evidence: {
      exposures: endpoint ? entrances.exposures(endpoint, isPublicIp) : [],
      discrepancies: [
        { setting: `public IP of ${nic.name}/${ip.name}`, wanted: 'none', found: `${publicIp.name}${address}` },
      ],
      namedDoors: [publicIp.id],
    },
    remedies: isPinned ? detachRemedies(network, attachment, otherTraffic) : [],
    restsOn: [],
  };
}

/** On other kinds of resources than those that may have one, and on interfaces that nobody showed us. */
function findElsewhere(network: Network, policy: AccessPolicy): Finding[] {
  return [...network.publicIps.values()].flatMap((publicIp): Finding[] => {
    const { attachedTo } = publicIp;
    if (attachedTo === undefined || isApproved(policy, [publicIp.id, attachedTo])) return [];
    const kind = publicIpKindOf(attachedTo);
    if (policy.publicIps.kinds.some((allowed) => allowed === kind)) return [];
    if (kind === 'interface' && isKnownInterface(network, attachedTo)) return [];
    const found = kind === 'interface' ? 'an interface that could not be read' : `a resource of kind ${kind}`;
    return [
      {
        control: ID,
        resource: publicIp.id,
        severity: 'high',
        title: `public IP ${publicIp.name} sits on ${found}, which nobody approved`,
        fingerprint: fingerprintOf(ID, keyOf(publicIp.id), keyOf(attachedTo)),
        evidence: {
          exposures: [],
          discrepancies: [{ setting: 'attached to', wanted: policy.publicIps.kinds.join(', ') || 'nothing', found }],
        },
        remedies: [],
        restsOn: [],
      },
    ];
  });
}

function isKnownInterface(network: Network, ipConfiguration: string): boolean {
  const key = keyOf(ipConfiguration);
  if (network.interfaces.has(key.slice(0, key.lastIndexOf('/ipconfigurations/')))) return true;
  const [scaleSet] = /^.*\/virtualmachinescalesets\/[^/]+\//.exec(key) ?? [];
  return scaleSet !== undefined && [...network.interfaces.keys()].some((nic) => nic.startsWith(scaleSet));
}
