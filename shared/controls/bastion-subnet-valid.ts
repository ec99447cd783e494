/** Bastion's subnet is as Azure requires it, and nobody else stands in it. */
import type { Finding, Remedy, Severity } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { toCidrs } from '../network/address';
import { type BastionHost, keyOf, nameOf, type Network, parentIdOf, type Subnet } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { hostsInView, subnetsOf } from './bastion-host-in-view';
import type { Checked, NetworkControl } from './control';

const ID = 'bastion-subnet-valid';

export const bastionSubnetValid: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'AzureBastionSubnet is large enough, has no route table and holds nothing but Bastion',
  why: 'Every machine trusts the addresses of this subnet: whatever else stands in it, or can answer in its place through a route, reaches SSH and RDP everywhere without anybody signing in to Bastion.',
  references: [
    'https://learn.microsoft.com/azure/bastion/configuration-settings#subnet',
    'https://learn.microsoft.com/azure/bastion/bastion-faq#udr',
  ],
  check,
};

/** What Azure asks for since November 2021. */
const NAME = 'AzureBastionSubnet';
const LONGEST_PREFIX = 26;

function check(network: Network, policy: AccessPolicy): Checked {
  const findings = hostsInView(network, policy).flatMap(({ host, isPinned }) =>
    subnetsOf(network, host).flatMap((subnet) => {
      const found = [
        ...misnamed(subnet),
        ...tooSmall(subnet),
        ...routed(subnet),
        ...delegated(subnet),
        ...strangersIn(network, host, subnet),
      ];
      return isPinned ? found : found.map((finding) => ({ ...finding, remedies: [] }));
    }),
  );
  return { findings, gaps: [], skipped: [] };
}

interface Fault {
  /** What is wrong, in words that stay the same however wrong it is. */
  readonly what: readonly string[];
  readonly severity: Severity;
  readonly title: string;
  readonly setting: string;
  readonly wanted: string;
  readonly found: string;
  readonly remedies?: readonly Remedy[];
}

function faultFound(subnet: Subnet, { what, severity, title, setting, wanted, found, remedies }: Fault): Finding {
  return {
    control: ID,
    resource: subnet.id,
    severity,
    title,
    fingerprint: fingerprintOf(ID, keyOf(subnet.id), ...what),
    evidence: { exposures: [], discrepancies: [{ setting, wanted, found }] },
    remedies: remedies ?? [],
    restsOn: [],
  };
}

function misnamed(subnet: Subnet): Finding[] {
  if (subnet.name.toLowerCase() === NAME.toLowerCase()) return [];
  const title = `Bastion stands in ${subnet.name}, which is not named ${NAME}`;
  return [
    faultFound(subnet, {
      what: ['name'],
      severity: 'medium',
      title,
      setting: 'name',
      wanted: NAME,
      found: subnet.name,
    }),
  ];
}

/** The prefix is part of the name of the finding: a subnet that was made anew is another fault. */
function tooSmall(subnet: Subnet): Finding[] {
  const prefixes = toCidrs({ ipv4: subnet.prefixes.ipv4, ipv6: [] });
  const lengths = prefixes.map((prefix) => Number(prefix.slice(prefix.indexOf('/') + 1)));
  if (prefixes.length === 0 || lengths.some((length) => length <= LONGEST_PREFIX)) return [];
  const found = prefixes.join(', ');
  return [
    faultFound(subnet, {
      what: ['size', found],
      severity: 'medium',
      title: `${subnet.name} has ${found}, too few addresses for Bastion to grow or to be updated`,
      setting: 'address prefix',
      wanted: `/${LONGEST_PREFIX} or larger`,
      found,
    }),
  ];
}

function routed(subnet: Subnet): Finding[] {
  if (subnet.routeTable === undefined) return [];
  const table = nameOf(subnet.routeTable);
  return [
    faultFound(subnet, {
      what: ['route-table'],
      severity: 'high',
      title: `${subnet.name} has route table ${table}, which Bastion does not support and which can lead sessions elsewhere`,
      setting: 'route table',
      wanted: 'none',
      found: table,
      remedies: [
        {
          kind: 'repair',
          title: `take route table ${table} off ${subnet.name}; the table itself is kept`,
          actions: [
            { kind: 'edit-resource', resource: keyOf(subnet.id), edits: [{ path: ['properties', 'routeTable'] }] },
          ],
        },
      ],
    }),
  ];
}

function delegated(subnet: Subnet): Finding[] {
  const { delegatedTo } = subnet;
  if (delegatedTo === undefined) return [];
  return [
    faultFound(subnet, {
      what: ['delegation'],
      severity: 'medium',
      title: `${subnet.name} is delegated to ${delegatedTo}, which may put its own resources there`,
      setting: 'delegation',
      wanted: 'none',
      found: delegatedTo,
    }),
  ];
}

/** By what the subnet says stands in it, and by what says of itself that it stands there. */
function strangersIn(network: Network, host: BastionHost, subnet: Subnet): Finding[] {
  const key = keyOf(subnet.id);
  const interfaces = [...network.interfaces.values()].filter((nic) =>
    nic.ipConfigurations.some((ip) => ip.subnet === key),
  );
  const ids = [...(subnet.occupants ?? []).map(parentIdOf), ...interfaces.map(({ id }) => id)];
  const strangers = new Map(ids.filter((id) => keyOf(id) !== keyOf(host.id)).map((id) => [keyOf(id), id]));
  return [...strangers]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([stranger, id]) =>
      faultFound(subnet, {
        what: ['stranger', stranger],
        severity: 'high',
        title: `${nameOf(id)} stands in ${subnet.name}, so every machine takes it for Bastion`,
        setting: 'resources in the subnet',
        wanted: `${host.name} and nothing else`,
        found: id,
      }),
    );
}
