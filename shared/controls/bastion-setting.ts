/** Each setting of a Bastion host that the policy speaks of: what is wanted, and how it is put back. */
import type { Severity } from '../finding';
import type { BastionSettings } from '../network/network';
import type { PropertyEdit } from '../network/resource-edit';
import type { AccessPolicy } from '../policy/policy';

export interface SettingFault {
  /** ARM's own name: part of the fingerprint. */
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly wanted: string;
  readonly found: string;
  /** Undefined where nothing can be changed on a host that exists. */
  readonly edit?: PropertyEdit;
  readonly needsApproval?: string;
  readonly needsPerson?: string;
}

const SKUS = ['developer', 'basic', 'standard', 'premium'] as const;

/** Everything that is looser than the policy says; of what it does not speak nothing is found, nor is a stricter host. */
export function faultsOf(settings: BastionSettings, { bastion }: AccessPolicy): readonly SettingFault[] {
  return [
    ...skuFault(settings, bastion),
    ...switchedOn(settings.tunneling && bastion.client === 'browser', {
      name: 'enableTunneling',
      severity: 'medium',
      title: 'takes the native client, which can forward any port and whose sessions cannot be recorded',
    }),
    ...switchedOn(settings.fileCopy && bastion.fileTransfer === false, {
      name: 'enableFileCopy',
      severity: 'medium',
      title: 'lets people copy files to and from machines',
    }),
    ...copyPasteFault(settings, bastion),
    ...switchedOn(settings.ipConnect && bastion.connectByAddress === false, {
      name: 'enableIpConnect',
      severity: 'medium',
      title: 'connects to any address, also on premises, and not only to machines that Azure can grant access to',
    }),
    ...switchedOn(settings.shareableLink && !bastion.shareableLinks, {
      name: 'enableShareableLink',
      severity: 'high',
      title: 'can share links by which people without an Azure account reach a machine',
    }),
    ...switchedOn(settings.kerberos && bastion.kerberos === false, {
      name: 'enableKerberos',
      severity: 'low',
      title: 'takes Kerberos sign-in',
    }),
    ...recordingFault(settings, bastion),
    ...privacyFault(settings, bastion),
  ];
}

type BastionPolicy = AccessPolicy['bastion'];

function switchedOn(isOn: boolean, fault: Pick<SettingFault, 'name' | 'severity' | 'title'>): SettingFault[] {
  if (!isOn) return [];
  return [{ ...fault, wanted: 'off', found: 'on', edit: { path: ['properties', fault.name], value: false } }];
}

/** Azure offers no way down, and the way up builds the host anew; the Developer SKU has not even a subnet. */
function skuFault({ sku }: BastionSettings, { minimumSku }: BastionPolicy): SettingFault[] {
  if (minimumSku === undefined) return [];
  const minimum = SKUS.find((each) => each === minimumSku.toLowerCase()) ?? 'premium';
  if (SKUS.indexOf(sku) >= SKUS.indexOf(minimum)) return [];
  return [
    {
      name: 'sku',
      severity: 'medium',
      title: `is of SKU ${sku}, below the ${minimumSku} that the policy asks for`,
      wanted: `${minimumSku} or higher`,
      found: sku,
      needsPerson: 'an upgrade rebuilds the host: it takes minutes, ends open sessions, and cannot be taken back',
      ...(sku !== 'developer' && { edit: { path: ['sku', 'name'], value: minimumSku } }),
    },
  ];
}

function copyPasteFault({ copyPaste, sku }: BastionSettings, bastion: BastionPolicy): SettingFault[] {
  if (!copyPaste || bastion.copyPaste !== false) return [];
  return [
    {
      name: 'disableCopyPaste',
      severity: 'low',
      title: 'lets people copy and paste between the browser and machines',
      wanted: 'off',
      found: 'on',
      edit: { path: ['properties', 'disableCopyPaste'], value: true },
      ...((sku === 'developer' || sku === 'basic') && {
        needsPerson: `SKU ${sku} cannot turn copy and paste off: upgrade the host first`,
      }),
    },
  ];
}

function recordingFault({ sessionRecording }: BastionSettings, bastion: BastionPolicy): SettingFault[] {
  const wanted = bastion.sessionRecording;
  if (wanted === undefined || wanted === sessionRecording) return [];
  const edit = { path: ['properties', 'enableSessionRecording'], value: wanted };
  const fault = { name: 'enableSessionRecording', severity: 'medium', edit } as const;
  return wanted
    ? [
        {
          ...fault,
          title: 'does not record sessions',
          wanted: 'on',
          found: 'off',
          needsPerson: 'recording needs SKU Premium, no native client, and a storage container set up for it',
        },
      ]
    : [
        {
          ...fault,
          title: 'records sessions, which the policy does not want',
          wanted: 'off',
          found: 'on',
          needsApproval: 'what people do on machines will no longer be recorded',
        },
      ];
}

/** Chosen when the host is made, and never again (https://learn.microsoft.com/azure/bastion/private-only-deployment). */
function privacyFault({ privateOnly }: BastionSettings, bastion: BastionPolicy): SettingFault[] {
  if (bastion.privateOnly === undefined || bastion.privateOnly === privateOnly) return [];
  const [wanted, found] = bastion.privateOnly ? ['private only', 'public'] : ['public', 'private only'];
  const title = `is ${found}, which only a new host can change`;
  return [{ name: 'enablePrivateOnlyBastion', severity: 'medium', title, wanted, found }];
}
