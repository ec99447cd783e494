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

const DURATION = /^P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?)?$/;
const duration = z
  .string()
  .regex(DURATION, 'write an ISO 8601 duration such as PT8H or P180D')
  .refine((text) => /\d/.test(text), 'a duration needs a number');

const bastionRole = z.strictObject({
  /** Without the id, the custom role of this name is taken. */
  id: guid.optional(),
  name: z.string().min(1).default('Bastion Users'),
  actions: z.array(z.string().min(1)).default([...BASTION_ACTIONS]),
  dataActions: z.array(z.string().min(1)).default(['Microsoft.Compute/virtualMachines/login/action']),
  /** Where it may be assigned: an assignment at one of these scopes or below. Absent: anywhere that is guarded. */
  scopes: z.array(resourceId).optional(),
  /** Groups and users that may be eligible. Absent: any user; groups always have to be named. */
  principals: z.array(guid).optional(),
});

const activation = z.strictObject({
  maximumDuration: duration.default('PT8H'),
  justification: z.boolean().default(true),
  ticket: z.boolean().default(false),
  /** Object ids of approvers; absent: no approval is asked for. */
  approvers: z.array(guid).min(1).optional(),
});

const standing = z.strictObject({
  principal: guid,
  /** Absent: anywhere. */
  scope: resourceId.optional(),
  ...answeredFor,
});

export const identitySection = z.strictObject({
  /**
   * `activation`: the Bastion role is activated in PIM, and that takes the authentication context;
   * `management-api`: everyone's sign-in to the Azure management API takes phishing-resistant MFA.
   */
  signIn: z.enum(['activation', 'management-api']).default('activation'),
  bastionRole: bastionRole.prefault({}),
  context: z
    .string()
    .regex(/^c(?:[1-9]|[1-9]\d)$/, 'contexts are named c1 to c99')
    .default('c1'),
  /** Object id of the Conditional Access policy. Absent: any that does what is asked counts. */
  conditionalAccessPolicy: guid.optional(),
  /** Object ids of the break-glass accounts and their groups: all that may be excluded. */
  breakGlass: z.array(guid).default([]),
  activation: activation.prefault({}),
  eligibility: z
    .strictObject({ maximumDuration: duration.default('P365D'), guests: z.boolean().default(false) })
    .prefault({}),
  /** Who may do without activation what the Bastion role does, or may change what guards it. */
  allowedStanding: z.array(standing).default([]),
  /** The guardrail's own identities: never taken away. */
  guardrailIdentities: z.array(guid).default([]),
});
