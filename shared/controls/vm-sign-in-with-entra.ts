/** Machines let people sign in with their Entra account, which is a second strong sign-in behind Bastion. */
import type { Asset, Identity } from '../identity/identity';
import type { Gap } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf } from './identity-finding';
import { bounded } from './identity-words';

const ID = 'vm-sign-in-with-entra';

export const vmSignInWithEntra: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'Machines take the Entra account and not a shared local password',
  why: 'Behind Bastion the machine asks once more who comes. A local password is shared and phished; with the Entra sign-in extension it is the same account and the same strong sign-in again, and a leaver is out everywhere.',
  references: [
    'https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-windows',
    'https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux',
    'https://learn.microsoft.com/azure/bastion/native-client#prerequisites',
  ],
  reportOnly: true,
  check,
};

const WINDOWS = 'AADLoginForWindows';
const LINUX = 'AADSSHLoginForLinux';

function check(identity: Identity, policy: AccessPolicy): Checked {
  const machines = identity.assets.filter(({ kind }) => kind === 'virtual-machine');
  const read = machines.filter(({ extensions }) => extensions !== undefined);
  const findings = read
    .filter((machine) => !hasExtension(machine))
    .map((machine) => {
      const wanted = wantedFor(machine).join(' or ');
      const name = bounded(machine.name);
      return findingOf({
        control: ID,
        resource: machine.id,
        severity: 'low',
        title: `${name} lacks ${wanted}: people sign in to it with local or domain passwords`,
        cause: [machine.id],
        discrepancies: [{ setting: `sign-in extension of ${name}`, wanted, found: 'not installed' }],
      });
    });
  return checked(findings, [...unreadGaps(machines), ...deviceGaps(machines, policy)]);
}

function hasExtension(machine: Asset): boolean {
  const installed = new Set((machine.extensions ?? []).map((name) => name.toLowerCase()));
  return wantedFor(machine).some((name) => installed.has(name.toLowerCase()));
}

function wantedFor({ operatingSystem }: Asset): readonly string[] {
  if (operatingSystem === 'windows') return [WINDOWS];
  return operatingSystem === 'linux' ? [LINUX] : [WINDOWS, LINUX];
}

function unreadGaps(machines: readonly Asset[]): Gap[] {
  const unread = machines.filter(({ extensions }) => extensions === undefined);
  const why =
    'its extensions were not read, so how people sign in to it is unknown; allow reading them (Reader) or export them';
  return unread.map(({ id }) => ({ resource: id, what: 'extensions-unread', why, touchesAdminPort: false }));
}

/** Which device a person sits at is nothing that Azure's or Entra's lists say. */
function deviceGaps(machines: readonly Asset[], { bastion }: AccessPolicy): Gap[] {
  if (bastion.client !== 'native' || machines.length === 0) return [];
  const why =
    'with the native client an Entra sign-in to a Windows machine takes a device that is registered or joined in the same tenant, which is not looked up here; see to it in device management';
  return [{ resource: '/devices', what: 'device-tenant-unread', why, touchesAdminPort: false }];
}
