// Microsoft.Network/bastionHosts: the one road that stays open.
import { parseRange } from '../address';
import { refuse } from '../arm-error';
import type { JsonObject } from '../json';
import { listAt, objectAt, sameText, textAt, without } from '../json';
import { checkBastionFeatures } from './bastion-features';
import { childOf } from './children';
import { checkPublicIp } from './ip-configuration';
import type { ResourceKind, WriteContext } from './kind';
import { requireSubnet } from './references';
import { subnetPrefixes } from './subnet';

const FLAGS = {
  disableCopyPaste: false,
  enableFileCopy: false,
  enableIpConnect: false,
  enableKerberos: false,
  enableSessionRecording: false,
  enableShareableLink: false,
  enableTunneling: false,
};

function checkSubnet(configuration: JsonObject, from: string, write: WriteContext): void {
  const { subnet } = requireSubnet(write.estate, from, textAt(configuration, 'properties', 'subnet', 'id') ?? '');
  const name = textAt(subnet, 'name');
  if (name !== 'AzureBastionSubnet') {
    throw refuse(
      'BastionHostSubnetNameInvalid',
      `Bastion host ${write.id} must stand in a subnet named AzureBastionSubnet, not ${name ?? ''}.`,
    );
  }
  const ranges = subnetPrefixes(subnet).map(parseRange);
  if (ranges.some((range) => range?.family === 'ipv4' && range.prefixLength > 26)) {
    throw refuse(
      'BastionHostSubnetTooSmall',
      `AzureBastionSubnet must have a prefix of /26 or larger for bastion host ${write.id}.`,
    );
  }
}

function configurationsOf(body: JsonObject, write: WriteContext): JsonObject[] {
  return listAt(body, 'properties', 'ipConfigurations').map((entry) => ({
    ...childOf(write.id, 'Microsoft.Network/bastionHosts', 'bastionHostIpConfigurations', entry),
  }));
}

function keep(
  body: JsonObject,
  configurations: readonly JsonObject[],
  carried: JsonObject,
  write: WriteContext,
): JsonObject {
  const domain = `bst-${write.guid()}.bastion.azure.com`;
  return {
    provisioningState: 'Succeeded',
    scaleUnits: 2,
    ...FLAGS,
    ...without(objectAt(body, 'properties'), ['provisioningState', 'dnsName', 'ipConfigurations']),
    dnsName: carried.dnsName ?? domain,
    ipConfigurations: configurations,
  };
}

export const bastionHost: ResourceKind = {
  type: 'Microsoft.Network/bastionHosts',
  writable: true,
  children: [],
  topLevel: (body) => ({ sku: { name: 'Standard', ...objectAt(body, 'sku') } }),
  prepare(body, write) {
    const configurations = configurationsOf(body, write);
    if (configurations.length === 0 && !sameText(textAt(body, 'sku', 'name'), 'Developer')) {
      throw refuse('BastionHostMissingIpConfiguration', `Bastion host ${write.id} must have one IP configuration.`);
    }
    checkBastionFeatures(body, write);
    const ownIds = configurations.map((configuration) => textAt(configuration, 'id') ?? '');
    for (const configuration of configurations) {
      const from = textAt(configuration, 'id') ?? '';
      checkSubnet(configuration, from, write);
      checkPublicIp(configuration, ownIds, from, write.estate);
    }
    return keep(body, configurations, objectAt(write.before?.body, 'properties'), write);
  },
  load: (body, write) => keep(body, configurationsOf(body, write), objectAt(body, 'properties'), write),
  view: (stored) => objectAt(stored.body, 'properties'),
};
