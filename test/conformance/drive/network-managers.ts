// A network manager with groups, connectivity and security admin rules, committed, and what reaches a network.
import { drain, live, liveBelow, liveDeeper } from './life';
import type { Stage } from './stage';
import { GROUP, LOCATION, SUBSCRIPTION, idOf } from './stage';

const MANAGER = 'avnm-con';
const group = { networkGroupId: idOf('networkManagers', `${MANAGER}/networkGroups/near`) };

export async function driveNetworkManagers(stage: Stage): Promise<void> {
  const { client } = stage;
  await live(stage, client.networkManagers, [GROUP, MANAGER], {
    location: LOCATION,
    networkManagerScopes: { subscriptions: [`/subscriptions/${SUBSCRIPTION}`] },
    networkManagerScopeAccesses: ['Connectivity', 'SecurityAdmin'],
  });
  await client.networkManagers.patch(GROUP, MANAGER, { tags: { owner: 'conformance' } });
  await drain(client.networkManagers.list(GROUP), client.networkManagers.listBySubscription());

  await liveBelow(stage, client.networkGroups, [GROUP, MANAGER, 'near'], { description: 'The near side' });
  await liveDeeper(stage, client.staticMembers, [GROUP, MANAGER, 'near', 'vnet-near'], {
    resourceId: idOf('virtualNetworks', 'vnet-near'),
  });
  await liveBelow(stage, client.connectivityConfigurations, [GROUP, MANAGER, 'mesh'], {
    connectivityTopology: 'Mesh',
    isGlobal: 'False',
    deleteExistingPeering: 'False',
    appliesToGroups: [{ ...group, groupConnectivity: 'DirectlyConnected', isGlobal: 'False', useHubGateway: 'False' }],
  });
  await drain(
    client.networkGroups.list(GROUP, MANAGER),
    client.staticMembers.list(GROUP, MANAGER, 'near'),
    client.connectivityConfigurations.list(GROUP, MANAGER),
  );
  await driveAdminRules(stage);
}

async function driveAdminRules(stage: Stage): Promise<void> {
  const { client } = stage;
  const { securityAdminConfigurations, adminRuleCollections, adminRules } = client;
  await liveBelow(stage, securityAdminConfigurations, [GROUP, MANAGER, 'sac'], { description: 'Admin ports' });
  await liveDeeper(stage, adminRuleCollections, [GROUP, MANAGER, 'sac', 'ports'], { appliesToGroups: [group] });
  const names = [GROUP, MANAGER, 'sac', 'ports', 'deny-ssh'] as const;
  stage.leave(() => adminRules.delete(...names));
  for (const description of ['Made', 'Made again']) {
    await adminRules.createOrUpdate(...names, {
      kind: 'Custom',
      description,
      protocol: 'Tcp',
      sources: [{ addressPrefixType: 'ServiceTag', addressPrefix: 'Internet' }],
      destinations: [{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }],
      sourcePortRanges: ['0-65535'],
      destinationPortRanges: ['22'],
      access: 'Deny',
      priority: 10,
      direction: 'Inbound',
    });
  }
  await adminRules.get(...names);
  await drain(
    securityAdminConfigurations.list(GROUP, MANAGER),
    adminRuleCollections.list(GROUP, MANAGER, 'sac'),
    adminRules.list(GROUP, MANAGER, 'sac', 'ports'),
  );
  await client.networkManagerCommits.post(GROUP, MANAGER, {
    commitType: 'SecurityAdmin',
    targetLocations: [LOCATION],
    configurationIds: [idOf('networkManagers', `${MANAGER}/securityAdminConfigurations/sac`)],
  });
  await client.networkManagerDeploymentStatusOperations.list(GROUP, MANAGER, { regions: [LOCATION] });
  await client.listNetworkManagerEffectiveSecurityAdminRules(GROUP, 'vnet-near', {});
}
