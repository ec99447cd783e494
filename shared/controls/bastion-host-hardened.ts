/** Every Bastion host is set as the policy says, shares no links, and is one that the policy knows. */
import { type Finding, severityRank } from '../finding';
import { fingerprintOf } from '../fingerprint';
import { type BastionHost, keyOf, nameOf, type Network } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import { hostsInView } from './bastion-host-in-view';
import { faultsOf, type SettingFault } from './bastion-setting';
import type { Checked, NetworkControl } from './control';

const ID = 'bastion-host-hardened';

export const bastionHostHardened: NetworkControl = {
  kind: 'network',
  id: ID,
  title: 'Azure Bastion is set as the policy says, and there is no other Bastion',
  why: 'Bastion is the one open way to every machine: a shared link needs no Azure sign-in at all, file copy and tunnels carry data past every control, and a second host that nobody knows is somebody’s own way in.',
  references: [
    'https://learn.microsoft.com/azure/bastion/configuration-settings',
    'https://learn.microsoft.com/azure/bastion/shareable-link',
    'https://learn.microsoft.com/azure/bastion/secure-bastion',
  ],
  check,
};

function check(network: Network, policy: AccessPolicy): Checked {
  const judged = hostsInView(network, policy).flatMap(({ host, isPinned }) => {
    const faults = host.settings ? faultsOf(host.settings, policy) : [];
    const found = [...linkFindings(host, policy), ...faults.map((fault) => settingFinding(host, fault))];
    return isPinned ? found : found.map((finding) => ({ ...finding, remedies: [] }));
  });
  const findings = [...judged, ...unpinnedHosts(network, policy)];
  return { findings: findings.toSorted(byGravity), gaps: [], skipped: [] };
}

function byGravity(a: Finding, b: Finding): number {
  return severityRank(a.severity) - severityRank(b.severity) || a.fingerprint.localeCompare(b.fingerprint);
}

function settingFinding(host: BastionHost, fault: SettingFault): Finding {
  const { name, severity, title, wanted, found, edit, needsApproval, needsPerson } = fault;
  return {
    control: ID,
    resource: host.id,
    severity,
    title: `${host.name} ${title}`,
    fingerprint: fingerprintOf(ID, keyOf(host.id), name.toLowerCase()),
    evidence: { exposures: [], discrepancies: [{ setting: name, wanted, found }] },
    remedies: edit
      ? [
          {
            kind: 'repair',
            title: `set ${name} of ${host.name} back to ${String(edit.value)}`,
            actions: [{ kind: 'edit-resource', resource: keyOf(host.id), edits: [edit] }],
            ...(needsApproval !== undefined && { needsApproval }),
            ...(needsPerson !== undefined && { needsPerson }),
          },
        ]
      : [],
    restsOn: [],
  };
}

/** One for each machine: a link that was added is news even where others were accepted. */
function linkFindings(host: BastionHost, policy: AccessPolicy): Finding[] {
  if (policy.bastion.shareableLinks) return [];
  const machines = new Map((host.sharedLinks ?? []).map((id) => [keyOf(id), id]));
  return [...machines].map(([key, id]) => ({
    control: ID,
    resource: host.id,
    severity: 'critical',
    title: `${host.name} shares a link to ${nameOf(id)}: whoever has it needs no Azure account`,
    fingerprint: fingerprintOf(ID, keyOf(host.id), 'shared-link', key),
    evidence: {
      exposures: [],
      discrepancies: [{ setting: `shareable link to ${nameOf(id)}`, wanted: 'none', found: 'a link' }],
    },
    remedies: [
      {
        kind: 'repair',
        title: `delete the shareable link of ${host.name} to ${nameOf(id)}`,
        actions: [{ kind: 'delete-shareable-links', resource: keyOf(host.id), machines: [id] }],
      },
    ],
    restsOn: [],
  }));
}

/** Only where others are pinned: without any pin nobody has said yet which host is the right one. */
function unpinnedHosts(network: Network, policy: AccessPolicy): Finding[] {
  if (policy.bastionHosts.length === 0) return [];
  const pinned = new Set(policy.bastionHosts.map(keyOf));
  return [...network.bastionHosts.values()]
    .filter((host) => !pinned.has(keyOf(host.id)))
    .map((host) => ({
      control: ID,
      resource: host.id,
      severity: 'high',
      title: `${host.name} is a Bastion host that the policy does not pin: it may be somebody's own way in`,
      fingerprint: fingerprintOf(ID, keyOf(host.id), 'bastion-not-pinned'),
      evidence: {
        exposures: [],
        discrepancies: [{ setting: 'Bastion host', wanted: 'pinned in the policy', found: 'not pinned' }],
      },
      remedies: [],
      restsOn: [],
    }));
}
