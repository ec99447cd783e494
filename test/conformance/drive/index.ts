// The whole drive, in an order in which everything finds what it refers to.
import { drivePublicAddresses, driveInterfaces } from './addresses';
import { driveRoles } from './authorization';
import { driveBastion } from './bastion';
import { driveCompute } from './compute';
import { driveEstateReads } from './estate-reads';
import { driveEventGrid } from './event-grid';
import { driveFirewalls } from './firewalls';
import { driveApplicationGateways, driveVpnGateways } from './gateways';
import { driveLoadBalancers } from './load-balancers';
import { driveGroups, driveLocks, driveMoves } from './management';
import { driveNetworkManagers } from './network-managers';
import { driveOfficialVersion } from './official-version';
import { drivePrivateLinks } from './private-links';
import { drivePrivilegedAccess } from './privileged-access';
import { driveRefusals } from './refusals';
import { driveRouteTables, driveSecurityGroups } from './security-groups';
import type { Stage } from './stage';
import { driveVaults } from './vaults';
import { driveVirtualNetworks } from './virtual-networks';
import { driveVirtualWans } from './virtual-wans';

const PARTS = {
  'estate as loaded': driveEstateReads,
  'resource groups': driveGroups,
  'security groups': driveSecurityGroups,
  'route tables': driveRouteTables,
  'virtual networks': driveVirtualNetworks,
  'public addresses': drivePublicAddresses,
  'load balancers': driveLoadBalancers,
  interfaces: driveInterfaces,
  compute: driveCompute,
  bastion: driveBastion,
  'vpn gateways': driveVpnGateways,
  'application gateways': driveApplicationGateways,
  firewalls: driveFirewalls,
  'private links': drivePrivateLinks,
  'network managers': driveNetworkManagers,
  'virtual wans': driveVirtualWans,
  roles: driveRoles,
  'privileged access': drivePrivilegedAccess,
  'event grid': driveEventGrid,
  vaults: driveVaults,
  locks: driveLocks,
  moves: driveMoves,
  refusals: driveRefusals,
  'official version': driveOfficialVersion,
  'taking everything away': (stage: Stage) => stage.cleanUp(),
};

/** Drives every part; a part that breaks is named, and the others go on. */
export async function drive(stage: Stage): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [title, part] of Object.entries(PARTS)) {
    try {
      await part(stage);
    } catch (error) {
      broken.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return broken;
}
