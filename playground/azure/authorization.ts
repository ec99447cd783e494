// Azure RBAC as a request meets it: roles, deny assignments, and the permissions on what a body refers to.
import { ArmError } from './arm-error';
import type { DenyAssignment, Grant, Permissions } from './governance';
import { isObject, sameText, textAt } from './json';
import { isLike } from './policy-rule';
import { isWithin } from './resource-id';
import type { Actor } from './token';
import type { World } from './world';

/** The permission that writing a reference under this name asks for on the resource it leads to. */
const LINKS: Readonly<Record<string, string>> = {
  applicationSecurityGroups: 'Microsoft.Network/applicationSecurityGroups/joinIpConfiguration/action',
  destinationApplicationSecurityGroups: 'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
  firewallPolicy: 'Microsoft.Network/firewallPolicies/join/action',
  loadBalancerBackendAddressPools: 'Microsoft.Network/loadBalancers/backendAddressPools/join/action',
  loadBalancerInboundNatRules: 'Microsoft.Network/loadBalancers/inboundNatRules/join/action',
  natGateway: 'Microsoft.Network/natGateways/join/action',
  networkSecurityGroup: 'Microsoft.Network/networkSecurityGroups/join/action',
  publicIPAddress: 'Microsoft.Network/publicIPAddresses/join/action',
  publicIPPrefix: 'Microsoft.Network/publicIPPrefixes/join/action',
  remoteVirtualNetwork: 'Microsoft.Network/virtualNetworks/peer/action',
  routeTable: 'Microsoft.Network/routeTables/join/action',
  sourceApplicationSecurityGroups: 'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
  subnet: 'Microsoft.Network/virtualNetworks/subnets/join/action',
};

export interface Permission {
  readonly action: string;
  readonly scope: string;
}

function isActor(actor: Actor, principal: string): boolean {
  if (principal === 'identity') return actor.kind === 'ServicePrincipal';
  return [actor.objectId, actor.appId, actor.name, actor.upn].some((known) => sameText(known, principal));
}

function covers({ actions, notActions }: Permissions, action: string): boolean {
  return actions.some((each) => isLike(action, each)) && !notActions.some((each) => isLike(action, each));
}

/** Whoever holds no role that the playground knows of is an owner, so that anybody can play the one who drifts. */
function mayByRole(grants: readonly Grant[], actor: Actor, { action, scope }: Permission): boolean {
  const own = grants.filter(
    ({ principal, except }) => isActor(actor, principal) && !except?.some((other) => isActor(actor, other)),
  );
  return own.length === 0 || own.some((grant) => isWithin(scope, grant.scope) && covers(grant, action));
}

function denying(world: World, actor: Actor, { action, scope }: Permission): DenyAssignment | undefined {
  return world
    .governance()
    .denyAssignments.find(
      (deny) =>
        isWithin(scope, deny.scope) &&
        covers(deny, action) &&
        (deny.principals.length === 0 || deny.principals.some((principal) => isActor(actor, principal))) &&
        !deny.except.some((principal) => isActor(actor, principal)),
    );
}

function client(actor: Actor): string {
  return `The client '${actor.appId ?? actor.upn ?? actor.objectId}' with object id '${actor.objectId}'`;
}

/** Refuses with 403 when no role of the actor allows the action at the scope, or a deny assignment takes it away. */
export function authorize(world: World, actor: Actor, wanted: Permission): void {
  const { action, scope } = wanted;
  if (!mayByRole(world.governance().grants, actor, wanted)) {
    throw new ArmError(
      403,
      'AuthorizationFailed',
      `${client(actor)} does not have authorization to perform action '${action}' over scope '${scope}' or the scope ` +
        'is invalid. If access was recently granted, please refresh your credentials.',
    );
  }
  const deny = denying(world, actor, wanted);
  if (!deny) return;
  throw new ArmError(
    403,
    'DenyAssignmentAuthorizationFailed',
    `${client(actor)} has permission to perform action '${action}' on scope '${scope}'; however, the access is denied ` +
      `because of the deny assignment with name '${deny.name}' and Id '${deny.id}' at scope '${deny.scope}'.`,
  );
}

function linksIn(value: unknown): Permission[] {
  if (Array.isArray(value)) return value.flatMap(linksIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const action = Object.hasOwn(LINKS, key) ? LINKS[key] : undefined;
    const targets = (Array.isArray(part) ? part : [part]).map((each: unknown) => textAt(each, 'id'));
    const own = action ? targets.filter((id) => id !== undefined).map((scope) => ({ action, scope })) : [];
    return [...own, ...linksIn(part)];
  });
}

/** Refuses with 403 when the body refers to a resource that the actor may not join; changed or not, as ARM does. */
export function authorizeLinks(world: World, actor: Actor, wanted: Permission, body: unknown): void {
  for (const link of linksIn(body)) {
    if (mayByRole(world.governance().grants, actor, link) && !denying(world, actor, link)) continue;
    throw new ArmError(
      403,
      'LinkedAuthorizationFailed',
      `${client(actor)} has permission to perform action '${wanted.action}' on scope '${wanted.scope}'; however, it does ` +
        `not have permission to perform action '${link.action}' on the linked scope(s) '${link.scope}' or the linked ` +
        'scope(s) are invalid.',
    );
  }
}
