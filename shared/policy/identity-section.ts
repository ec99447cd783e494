/** The policy on sign-in: the Bastion role, how it is activated, and what Conditional Access asks for. */
import { z } from 'zod';
import { answeredFor, guid, resourceId } from './fields';

/** What using Bastion takes (https://learn.microsoft.com/azure/bastion/bastion-faq, and the right to sign in). */
export const BASTION_ACTIONS = [
  'Microsoft.Network/bastionHosts/read',
  'Microsoft.Network/virtualNetworks/BastionHosts/action',
  'Microsoft.Network/virtualNetworks/bastionHosts/default/action',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/networkInterfaces/ipconfigurations/read',
  'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Network/virtualNetworks/subnets/virtualMachines/read',
  'Microsoft.Network/virtualNetworks/virtualMachines/read',
  'Microsoft.Compute/virtualMachines/read',
] as const;

/** Controls on sign-in that may change something: a repair of theirs can lock people out, so it takes break-glass accounts. */
export const SIGN_IN_CONTROLS: readonly string[] = [
  'bastion-role-exact',
  'bastion-role-only-eligible',
  'activation-requires-context',
  'activation-settings-match',
  'context-published',
  'context-requires-phishing-resistant-mfa',
  'exclusions-only-break-glass',
];

/** Controls that only ever report, whatever the policy would like. */
export const REPORT_ONLY_CONTROLS: readonly string[] = [
  'guardrail-is-watching',
  'no-standing-bypass',
  'vm-sign-in-with-entra',
];

/** What PIM offers as the end of an eligible assignment. */
const ELIGIBILITIES = ['P15D', 'P30D', 'P90D', 'P180D', 'P365D'] as const;

/** PIM lets an activation last half an hour to a day, in half hours. */
const activationDuration = z.string().regex(/^(?:P1D|PT24H|PT30M|PT(?:[1-9]|1\d|2[0-3])H(?:30M)?)$/, {
  error: 'PIM offers PT30M to PT23H30M in half hours, and P1D',
});

const bastionRole = z.strictObject({
  id: guid
    .optional()
    .describe('The GUID of the role definition; absent: the custom role of this name. Pin it: names are not unique'),
  name: z.string().min(1).default('Bastion Users').describe('The name of the custom role'),
  actions: z
    .array(z.string().min(1))
    .default([...BASTION_ACTIONS])
    .describe('Exactly the actions the role has: what Bastion needs, and nothing that could change anything'),
  dataActions: z
    .array(z.string().min(1))
    .default(['Microsoft.Compute/virtualMachines/login/action'])
    .describe('Exactly the data actions the role has: to sign in to machines as an ordinary user'),
  scopes: z
    .array(resourceId)
    .optional()
    .describe('Where it may be assigned, there or below; absent: anywhere that is guarded'),
  principals: z
    .array(guid)
    .optional()
    .describe(
      'Object ids of the users and groups that may be eligible; absent: any user. Groups always have to be named',
    ),
});

const activation = z.strictObject({
  maximumDuration: activationDuration
    .default('PT8H')
    .describe('How long an activation lasts at most: PT30M to PT23H30M in half hours, or P1D'),
  justification: z.boolean().default(true).describe('Whether whoever activates has to say why'),
  ticket: z.boolean().default(false).describe('Whether whoever activates has to give a ticket number'),
  approvers: z
    .array(guid)
    .min(1, 'name at least one, or leave approvers out')
    .optional()
    .describe('Object ids of those who approve activations; absent: no approval is asked for'),
});

const standing = z.strictObject({
  principal: guid.describe('Object id of a user, a group or a service principal'),
  scope: resourceId.optional().describe('Only there and below; absent: anywhere'),
  ...answeredFor,
});

export const signInWays = z.enum(['activation', 'management-api']);

export const identitySection = z.strictObject({
  signIn: signInWays
    .default('activation')
    .describe(
      'activation: the Bastion role is activated in PIM, and that takes the authentication context; management-api: everybody’s sign-in to the Azure management API takes phishing-resistant MFA',
    ),
  bastionRole: bastionRole.prefault({}).describe('The custom role that opens Bastion'),
  context: z
    .string()
    .regex(/^c(?:[1-9]|[1-9]\d)$/, 'contexts are named c1 to c99')
    .default('c1')
    .describe('The authentication context that an activation takes, c1 to c99'),
  conditionalAccessPolicy: guid
    .optional()
    .describe('Object id of the Conditional Access policy; absent: any that does what is asked counts'),
  breakGlass: z
    .array(guid)
    .default([])
    .describe('Object ids of the break-glass accounts and their groups: all that may be excluded'),
  activation: activation.prefault({}).describe('What it takes to activate the role'),
  eligibility: z
    .strictObject({
      maximumDuration: z
        .enum(ELIGIBILITIES)
        .default('P365D')
        .describe('How long somebody may be eligible before it is given anew'),
      guests: z.boolean().default(false).describe('Whether guests may be eligible'),
    })
    .prefault({})
    .describe('Who may be eligible, and for how long'),
  allowedStanding: z
    .array(standing)
    .default([])
    .describe('Who may do without activation what the Bastion role does, or may change what guards it'),
  guardrailIdentities: z
    .array(guid)
    .default([])
    .describe('Object ids of the guardrail’s own identities: they are never taken away'),
});
