/** The security group on AzureBastionSubnet holds the rules Azure requires, explicitly, and no other Allow. */
import type { Finding } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { ofFamily } from '../network/address';
import { keyOf, nameOf, type Network, type SecurityGroup, type SecurityRule, type Subnet } from '../network/network';
import { formatPorts } from '../network/port';
import { virtualNetworkTag } from '../network/service-tag';
import type { AccessPolicy } from '../policy/policy';
import { hostsInView, subnetsOf } from './bastion-host-in-view';
import { isForeign, isInsideNetwork } from './bastion-nsg-foreign';
import { farSideOf, judge, type Judgement, type Site } from './bastion-nsg-judgement';
import { addition, replacement, ruleMaker } from './bastion-nsg-remedies';
import { type Permitted, permittedBy, type Requirement, requirementsFor } from './bastion-nsg-requirement';
import type { Checked, NetworkControl } from './control';

const ID = 'bastion-nsg-complete';

export const bastionNsgComplete: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'The security group of AzureBastionSubnet holds what Azure requires, and no other Allow',
  why: 'Without the rules that Azure requires, Bastion stops working or can no longer be updated, and people look for another way in; every other Allow opens the one subnet that all machines trust.',
  references: ['https://learn.microsoft.com/azure/bastion/bastion-nsg'],
  check,
};

function check(network: Network, policy: AccessPolicy): Checked {
  const findings = hostsInView(network, policy).flatMap(({ host, isPinned }) => {
    const requirements = requirementsFor(host.settings?.privateOnly === true);
    const permitted = permittedBy(policy, host.settings);
    return subnetsOf(network, host).flatMap((subnet): Finding[] => {
      if (subnet.securityGroup === undefined) return [withoutGroup(subnet)];
      const group = network.securityGroups.get(subnet.securityGroup);
      const virtualNetwork = network.virtualNetworks.get(subnet.virtualNetwork);
      if (!group || !virtualNetwork || group.platformManaged !== undefined) return [];
      const site = {
        bastion: ofFamily(subnet.prefixes, 'ipv4'),
        virtualNetwork: virtualNetworkTag(network, virtualNetwork).certain,
      };
      const found = findIn({ network, subnet, group, site, requirements, permitted });
      return isPinned ? found : found.map((finding) => ({ ...finding, remedies: [] }));
    });
  });
  return { findings, gaps: [], skipped: [] };
}

function withoutGroup(subnet: Subnet): Finding {
  return {
    control: ID,
    resource: subnet.id,
    severity: 'low',
    title: `${subnet.name} has no security group: everything that routing brings there reaches Bastion`,
    fingerprint: fingerprintOf(ID, keyOf(subnet.id), 'no-group'),
    evidence: {
      exposures: [],
      discrepancies: [{ setting: 'security group', wanted: 'one with the rules that Azure requires', found: 'none' }],
    },
    remedies: [],
    restsOn: [],
  };
}

/** One group where it guards one host's subnet. */
interface Scene {
  readonly network: Network;
  readonly subnet: Subnet;
  readonly group: SecurityGroup;
  readonly site: Site;
  readonly requirements: readonly Requirement[];
  readonly permitted: readonly Permitted[];
}

function findIn(scene: Scene): Finding[] {
  const { group, requirements, permitted, site } = scene;
  const maker = ruleMaker(group);
  const judged = requirements.map((requirement) => ({ requirement, verdict: judge(group.rules, requirement, site) }));
  const missing = judged.filter(({ verdict }) => !verdict.isMet);
  const serving = new Set(judged.flatMap(({ verdict }) => [...verdict.servedBy]));
  const foreign = group.rules.filter((rule) => isForeign(rule, permitted, serving, site));
  return [
    ...missing.map(({ requirement, verdict }) => ({
      ...missingRule(group, requirement, verdict),
      remedies: addition(group, requirement, maker.add(requirement, verdict)),
    })),
    ...foreign.map((rule) => {
      const rest = group.rules.filter((other) => other !== rule);
      const needed = judged
        .filter(({ verdict }) => verdict.isMet && verdict.servedBy.has(rule))
        .map(({ requirement }) => ({ requirement, verdict: judge(rest, requirement, site) }))
        .filter(({ verdict }) => !verdict.isMet)
        .map(({ requirement, verdict }) => maker.add(requirement, verdict));
      return { ...foreignRule(scene, rule), remedies: replacement(group, rule, needed, otherSubnet(scene)) };
    }),
  ];
}

function missingRule(group: SecurityGroup, requirement: Requirement, { denials }: Judgement): Finding {
  const { id, direction, far, ports, purpose } = requirement;
  const traffic = `${ports.join(' and ')} ${direction === 'inbound' ? 'from' : 'to'} ${far}`;
  const [denial] = denials;
  const found = denial
    ? `no rule before ${denial.name} (priority ${denial.priority}) allows all of it`
    : 'no custom rule allows all of it';
  return {
    control: ID,
    resource: group.id,
    severity: 'high',
    title: `${group.name} lacks a rule that Bastion requires: ${direction} ${traffic}, by which ${purpose}`,
    fingerprint: fingerprintOf(ID, keyOf(group.id), 'missing', id),
    evidence: { exposures: [], discrepancies: [{ setting: `${direction} ${traffic}`, wanted: 'allowed', found }] },
    remedies: [],
    restsOn: group.unreadableRules.map((name) => `rule ${name} of ${group.name}`),
  };
}

function foreignRule({ group, site }: Scene, rule: SecurityRule): Finding {
  const { direction, protocol } = rule;
  const far = farSideOf(rule);
  const isOutside = direction === 'inbound' && !far.every((match) => isInsideNetwork(match, site));
  const texts = far.map(({ text }) => text);
  const shown = texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ');
  const ports = formatPorts(rule.destinationPorts);
  const traffic = `${protocol} ${ports.slice(0, 8).join(', ')} ${direction === 'inbound' ? 'from' : 'to'} ${shown}`;
  return {
    control: ID,
    resource: group.id,
    severity: isOutside ? 'high' : 'medium',
    title: `${group.name}/${rule.name} opens Bastion's subnet to more than it needs: ${direction} ${traffic}`,
    fingerprint: fingerprintOf(ID, keyOf(group.id), 'foreign', ...contentOf(rule)),
    evidence: {
      exposures: [],
      discrepancies: [
        {
          setting: `rule ${rule.name}`,
          wanted: 'no Allow besides what Azure requires',
          found: `${direction} ${traffic}`,
        },
      ],
      namedRules: [{ securityGroup: keyOf(group.id), rule: rule.name }],
    },
    remedies: [],
    restsOn: [],
  };
}

/** A rule that opens something else is another finding; where it stands in the list makes no difference. */
function contentOf({ name, direction, protocol, sources, destinations, destinationPorts }: SecurityRule): string[] {
  const texts = [sources, destinations].map((matches) =>
    JSON.stringify(matches.map(({ text }) => text.toLowerCase()).toSorted()),
  );
  return [name.toLowerCase(), direction, protocol, ...texts, formatPorts(destinationPorts).join(',')];
}

/** Another place where the same group stands. */
function otherSubnet({ network, subnet, group }: Scene): string | undefined {
  const key = keyOf(group.id);
  const others = [...network.subnets.values(), ...network.interfaces.values()];
  const other = others.find(({ id, securityGroup }) => securityGroup === key && keyOf(id) !== keyOf(subnet.id));
  return other && nameOf(other.id);
}
