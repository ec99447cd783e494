// Security groups with rules of every form, application security groups and route tables.
import { drain, live, liveBelow } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, idOf } from './stage';

const RULE = {
  protocol: 'Tcp',
  sourcePortRange: '*',
  sourceAddressPrefix: 'VirtualNetwork',
  destinationAddressPrefix: '*',
  destinationPortRange: '22',
  access: 'Allow',
  direction: 'Inbound',
} as const;

export async function driveSecurityGroups(stage: Stage): Promise<void> {
  const { networkSecurityGroups, securityRules, defaultSecurityRules, applicationSecurityGroups } = stage.client;
  await live(stage, applicationSecurityGroups, [GROUP, 'asg-con'], { location: LOCATION, tags: { tier: 'web' } });
  await applicationSecurityGroups.updateTags(GROUP, 'asg-con', { tags: { tier: 'app' } });
  await drain(applicationSecurityGroups.list(GROUP), applicationSecurityGroups.listAll());

  await live(stage, networkSecurityGroups, [GROUP, 'nsg-con'], {
    location: LOCATION,
    flushConnection: false,
    securityRules: [
      { name: 'one-prefix', priority: 100, description: 'One of each', ...RULE },
      {
        name: 'many-prefixes',
        priority: 200,
        protocol: '*',
        sourcePortRanges: ['1024-65535'],
        sourceAddressPrefixes: ['10.0.0.0/8', 'fd00::/8'],
        destinationApplicationSecurityGroups: [{ id: idOf('applicationSecurityGroups', 'asg-con') }],
        destinationPortRanges: ['443', '8000-8100'],
        access: 'Deny',
        direction: 'Inbound',
      },
    ],
  });
  await networkSecurityGroups.updateTags(GROUP, 'nsg-con', { tags: { owner: 'conformance' } });
  await drain(networkSecurityGroups.list(GROUP), networkSecurityGroups.listAll());

  await liveBelow(stage, securityRules, [GROUP, 'nsg-con', 'by-itself'], {
    ...RULE,
    priority: 300,
    protocol: 'Icmp',
    destinationPortRange: '*',
  });
  await drain(securityRules.list(GROUP, 'nsg-con'), defaultSecurityRules.list(GROUP, 'nsg-con'));
  await defaultSecurityRules.get(GROUP, 'nsg-con', 'AllowVnetInBound');
}

export async function driveRouteTables(stage: Stage): Promise<void> {
  const { routeTables, routes } = stage.client;
  await live(stage, routeTables, [GROUP, 'rt-con'], {
    location: LOCATION,
    disableBgpRoutePropagation: true,
    routes: [
      {
        name: 'to-firewall',
        addressPrefix: '0.0.0.0/0',
        nextHopType: 'VirtualAppliance',
        nextHopIpAddress: '10.60.3.4',
      },
    ],
  });
  await routeTables.updateTags(GROUP, 'rt-con', { tags: { owner: 'conformance' } });
  await drain(routeTables.list(GROUP), routeTables.listAll());
  await liveBelow(stage, routes, [GROUP, 'rt-con', 'nowhere'], { addressPrefix: '10.99.0.0/16', nextHopType: 'None' });
  await drain(routes.list(GROUP, 'rt-con'));
}
