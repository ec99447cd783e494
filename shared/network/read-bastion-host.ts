/** A Bastion host from ARM's JSON: where its sessions come from, how it is set, and the links that were shared. */
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from './json';
import { type BastionHost, type BastionSettings, type Gap, keyOf, nameOf } from './network';
import { keyIn, readReference } from './read-prefixes';

/** ARM's list of hosts says nothing of shared links: whoever observes puts the machines they lead to under this name. */
export const SHARED_LINKS = 'guardrailSharedLinks';

const SKUS = ['developer', 'basic', 'standard', 'premium'] as const;

/** Reads a Bastion host; `subnets` are where its sessions come from. What cannot be read is added to `gaps`. */
export function readBastionHost(id: string, json: unknown, gaps: Gap[]): BastionHost {
  const properties = propertiesOf(json);
  const configurations = listOf(properties.ipConfigurations).map(propertiesOf);
  const settings = readSettings(id, objectOf(json), gaps);
  const links = objectOf(json)[SHARED_LINKS];
  return {
    id,
    name: textOf(objectOf(json).name) ?? nameOf(id),
    subnets: configurations.flatMap((entry) => {
      const subnet = readReference(id, entry.subnet, 'subnet', gaps);
      return subnet ? keyOf(subnet) : [];
    }),
    provisioningState: textOf(properties.provisioningState) ?? 'Succeeded',
    publicIps: configurations.flatMap((entry) => keyIn(entry.publicIPAddress) ?? []),
    ...(settings && { settings }),
    ...(Array.isArray(links) && { sharedLinks: links.filter((machine) => typeof machine === 'string') }),
  };
}

/**
 * What the JSON leaves out is as Azure sets it: SKU Standard, every feature off, copy and paste on. Undefined if the
 * SKU cannot be known (https://learn.microsoft.com/azure/templates/microsoft.network/bastionhosts).
 */
function readSettings(id: string, json: JsonObject, gaps: Gap[]): BastionSettings | undefined {
  const properties = propertiesOf(json);
  const unreadable = (what: string, value: unknown): void => {
    const found = (JSON.stringify(value) ?? 'nothing').slice(0, 80);
    const why = `its ${what} is ${found}, which says nothing before it is deployed; export the deployed host instead`;
    gaps.push({ resource: id, what: 'unresolved-value', why, touchesAdminPort: false });
  };
  const isOn = (name: string): boolean => {
    const value = properties[name];
    if (value !== undefined && value !== null && typeof value !== 'boolean') unreadable(name, value);
    return value === true;
  };
  const skuName = isObject(json.sku) ? json.sku.name : 'Standard';
  const sku = SKUS.find((each) => typeof skuName === 'string' && each === skuName.toLowerCase());
  if (!sku) {
    unreadable('SKU', skuName);
    return undefined;
  }
  return {
    sku,
    tunneling: isOn('enableTunneling'),
    fileCopy: isOn('enableFileCopy'),
    copyPaste: !isOn('disableCopyPaste'),
    ipConnect: isOn('enableIpConnect'),
    shareableLink: isOn('enableShareableLink'),
    kerberos: isOn('enableKerberos'),
    sessionRecording: isOn('enableSessionRecording'),
    privateOnly: isOn('enablePrivateOnlyBastion'),
  };
}
