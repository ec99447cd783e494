// The built-in roles that matter around Bastion and virtual machines, with Azure's own ids.
import type { RoleDefinition } from './role';

type BuiltIn = readonly [
  name: string,
  roleName: string,
  description: string,
  actions: readonly string[],
  rest?: { readonly notActions?: readonly string[]; readonly dataActions?: readonly string[] },
];

const EVERY_DEPLOYMENT = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.ResourceHealth/availabilityStatuses/read',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
];

const SIGN_IN_READS = [
  'Microsoft.Network/publicIPAddresses/read',
  'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Network/loadBalancers/read',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Compute/virtualMachines/*/read',
];

/** Source: "Azure built-in roles"; actions that concern nothing in this tenant are left out of the longer ones. */
const BUILT_INS: readonly BuiltIn[] = [
  ['8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', 'Manages everything, access included.', ['*']],
  [
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Manages everything but access.',
    ['*'],
    {
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
        'Microsoft.Blueprint/blueprintAssignments/write',
        'Microsoft.Blueprint/blueprintAssignments/delete',
        'Microsoft.Compute/galleries/share/action',
        'Microsoft.Purview/consents/write',
        'Microsoft.Purview/consents/delete',
        'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
        'Microsoft.Subscription/cancel/action',
        'Microsoft.Subscription/enable/action',
      ],
    },
  ],
  ['acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', 'Views everything, changes nothing.', ['*/read']],
  [
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Manages who may access what.',
    ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  ],
  [
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    'Manages access by assigning roles, and in no other way.',
    [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  ],
  [
    '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
    'Virtual Machine Contributor',
    'Manages virtual machines, not the networks they are in.',
    [
      ...EVERY_DEPLOYMENT,
      'Microsoft.Compute/availabilitySets/*',
      'Microsoft.Compute/locations/*',
      'Microsoft.Compute/virtualMachines/*',
      'Microsoft.Compute/virtualMachineScaleSets/*',
      'Microsoft.Compute/disks/write',
      'Microsoft.Compute/disks/read',
      'Microsoft.Compute/disks/delete',
      'Microsoft.Network/applicationGateways/backendAddressPools/join/action',
      'Microsoft.Network/loadBalancers/backendAddressPools/join/action',
      'Microsoft.Network/loadBalancers/inboundNatPools/join/action',
      'Microsoft.Network/loadBalancers/inboundNatRules/join/action',
      'Microsoft.Network/loadBalancers/probes/join/action',
      'Microsoft.Network/loadBalancers/read',
      'Microsoft.Network/locations/*',
      'Microsoft.Network/networkInterfaces/*',
      'Microsoft.Network/networkSecurityGroups/join/action',
      'Microsoft.Network/networkSecurityGroups/read',
      'Microsoft.Network/publicIPAddresses/join/action',
      'Microsoft.Network/publicIPAddresses/read',
      'Microsoft.Network/virtualNetworks/read',
      'Microsoft.Network/virtualNetworks/subnets/join/action',
    ],
  ],
  [
    '1c0163c0-47e6-4577-8991-ea5c82e286e4',
    'Virtual Machine Administrator Login',
    'Views virtual machines and signs in to them as administrator.',
    SIGN_IN_READS,
    {
      dataActions: [
        'Microsoft.Compute/virtualMachines/login/action',
        'Microsoft.Compute/virtualMachines/loginAsAdmin/action',
      ],
    },
  ],
  [
    'fb879df8-f326-4884-b1cf-06f3ad86be52',
    'Virtual Machine User Login',
    'Views virtual machines and signs in to them as a user.',
    SIGN_IN_READS,
    { dataActions: ['Microsoft.Compute/virtualMachines/login/action'] },
  ],
  [
    '4d97b98b-1d4f-4787-a291-c67834d212e7',
    'Network Contributor',
    'Manages networks, not access to them.',
    [...EVERY_DEPLOYMENT, 'Microsoft.Network/*'],
  ],
  [
    '4633458b-17de-408a-b874-0445c86b69e6',
    'Key Vault Secrets User',
    'Reads what secrets hold.',
    [],
    {
      dataActions: [
        'Microsoft.KeyVault/vaults/secrets/getSecret/action',
        'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
      ],
    },
  ],
  [
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    'Key Vault Secrets Officer',
    'Does anything with secrets but manage who may.',
    [...EVERY_DEPLOYMENT, 'Microsoft.KeyVault/*/read'],
    { dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] },
  ],
  [
    '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    'Key Vault Administrator',
    'Does anything with a vault and what is in it.',
    [...EVERY_DEPLOYMENT, 'Microsoft.KeyVault/*/read'],
    { dataActions: ['Microsoft.KeyVault/vaults/*'] },
  ],
];

const PUBLISHED = '2015-02-02T21:55:09.880Z';

/** The built-in roles; they hold everywhere and cannot be changed. */
export const BUILT_IN_ROLES: readonly RoleDefinition[] = BUILT_INS.map(
  ([name, roleName, description, actions, { notActions = [], dataActions = [] } = {}]) => ({
    name,
    roleName,
    description,
    isBuiltIn: true,
    assignableScopes: ['/'],
    permissions: [{ actions, notActions, dataActions, notDataActions: [] }],
    createdOn: PUBLISHED,
    updatedOn: PUBLISHED,
  }),
);
