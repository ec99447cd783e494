/** The clean tenant of the playground at the wire, with a guardrail that reads it by one identity and writes by another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { createLocalAzure } from '../../../../playground/azure';
import { listen } from '../../../../playground/azure/listen';
import { identityToken, personToken } from '../../../../playground/azure/token';
import identityRole from '../../../../infra/roles/identity.json';
import networkRole from '../../../../infra/roles/network.json';
import { identityTenant, type IdentityTenantOptions } from '../../../../shared/azure/identity/tenant';
import { evaluateIdentity } from '../../../../shared/controls';
import type { IdentityAction } from '../../../../shared/identity/action';
import type { Identity } from '../../../../shared/identity/identity';
import { isObject, type JsonObject } from '../../../../shared/network/json';
import { type AccessPolicy, readPolicy } from '../../../../shared/policy/policy';
import type { Snapshot, Tenant, WriteTurn } from '../../../../shared/ports';
import type { Scope } from '../../../../shared/scope';

export const TENANT_ID = '7e4a4700-0000-4000-8000-000000000001';
export const SUBSCRIPTION = '5ea1ab1e-0000-4000-8000-000000000001';
export const SCOPE: Scope = { kind: 'identity', tenantId: TENANT_ID };
export const HUB = `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-hub`;
export const ROLE = 'ba571000-0000-4000-8000-000000000001';
export const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const ALEX = 'a1e00000-0000-4000-8000-000000000001';
export const SAM = '5a000000-0000-4000-8000-000000000002';
export const KIM = 'c1000000-0000-4000-8000-000000000003';
export const BREAK_GLASS = 'b9b90000-0000-4000-8000-0000000000b9';
export const BASTION_USERS = 'ba570000-0000-4000-8000-0000000000ba';
export const BASTION_TEAM = 'ba571111-0000-4000-8000-0000000000bb';
export const POLICY = '0f0f0f0f-0000-4000-8000-0000000000c1';
export const POLICIES = '/v1.0/identity/conditionalAccess/policies';
export const CONTEXTS = '/v1.0/identity/conditionalAccess/authenticationContextClassReferences';
export const RG_HUB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hub`;
export const AUTHORIZATION = 'providers/Microsoft.Authorization';
export const RBAC = 'api-version=2022-04-01';
export const PIM = 'api-version=2020-10-01';
/** Nothing stands against writing, for a long time. */
export const FREE: WriteTurn = { mayWrite: async () => undefined, until: new Date('9999-01-01T00:00:00Z') };
export const ENABLE: IdentityAction = {
  kind: 'patch-conditional-access',
  policy: POLICY,
  changes: { state: 'enabled' },
};
export const PUBLISH: IdentityAction = { kind: 'publish-context', context: 'c1', name: 'Bastion' };
export const CLIENTS = {
  network: '2ef8d3bb-9ef4-4e13-86e2-e3cb55bce74b',
  identity: '9a4dc11d-0000-4000-8000-000000000002',
} as const;

export interface SignInTenant {
  readonly url: string;
  readonly tenant: Tenant;
  readonly policy: AccessPolicy;
  /** Another guardrail on the same tenant. */
  readonly tenantWith: (over: Partial<IdentityTenantOptions>) => Tenant;
  /** A person's request, straight to Graph or ARM (with the api-version in the path); throws unless it was taken. */
  readonly send: (method: string, path: string, body?: unknown) => Promise<JsonObject>;
  readonly control: (path: string, body: unknown) => Promise<void>;
  /** `METHOD /path` of every request since the last time. */
  readonly requests: () => Promise<readonly string[]>;
  /** Everything as it was at the start. */
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface Circumstances {
  readonly directory?: unknown;
  readonly authorization?: readonly JsonObject[];
  readonly rbac?: boolean;
  readonly now?: () => Date;
}

export function estate(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, '../../../../playground/estates', `${name}.json`), 'utf8'));
}

export function objects(json: unknown): JsonObject[] {
  return Array.isArray(json) ? json.filter(isObject) : [];
}

export function asApplication(clientId: string): TokenCredential {
  const token = identityToken(clientId, new Date(), 'https://graph.microsoft.com/');
  return { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
}

/** What the estate is meant to satisfy. */
export function cleanPolicy(over: JsonObject = {}): AccessPolicy {
  const identity = {
    bastionRole: { id: ROLE, principals: [BASTION_USERS] },
    context: 'c1',
    conditionalAccessPolicy: POLICY,
    breakGlass: [BREAK_GLASS, 'b9000000-0000-4000-8000-000000000001', 'b9000000-0000-4000-8000-000000000002'],
    guardrailIdentities: ['9a4d0000-0000-4000-8000-000000000001', '9a4d0000-0000-4000-8000-000000000002'],
    ...over,
  };
  const read = readPolicy({ version: 1, identity }, []);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

/** Waits a hundredth of what is asked. */
export async function shortPause(ms: number): Promise<void> {
  await setTimeout(ms / 100);
}

export async function startSignIn(circumstances: Circumstances = {}): Promise<SignInTenant> {
  const azure = createLocalAzure({
    estate: objects(estate('hub-and-spoke')),
    directory: circumstances.directory ?? estate('directory'),
    authorization: circumstances.authorization ?? objects(estate('authorization')),
    identityRole: networkRole,
    identityRoles: { [CLIENTS.identity]: identityRole },
    ...(circumstances.rbac !== undefined && { rbac: circumstances.rbac }),
    ...(circumstances.now && { now: circumstances.now }),
  });
  const server = await listen(azure.fetch, { port: 0 });
  const policy = cleanPolicy();
  const mallory = personToken('mallory', new Date());

  function tenantWith(over: Partial<IdentityTenantOptions>): Tenant {
    return identityTenant({
      armEndpoint: server.url,
      graphEndpoint: server.url,
      credential: asApplication(CLIENTS.identity),
      writeCredential: asApplication(CLIENTS.identity),
      subscriptions: [SUBSCRIPTION],
      policy,
      now: circumstances.now ?? (() => new Date()),
      retries: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 5 },
      pause: shortPause,
      ...over,
    });
  }

  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { authorization: `Bearer ${mallory}`, 'content-type': 'application/json' };
    return await fetch(`${server.url}${path}`, { method, headers, ...payload });
  }

  return {
    url: server.url,
    tenant: tenantWith({}),
    policy,
    tenantWith,
    async send(method, path, body) {
      const response = await ask(method, path, body);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      const json: unknown = text === '' ? {} : JSON.parse(text);
      return isObject(json) ? json : {};
    },
    async control(path, body) {
      const response = await fetch(`${server.url}/playground/${path}`, { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    },
    async requests() {
      const response = await fetch(`${server.url}/playground/requests`);
      const json: unknown = await response.json();
      return objects(isObject(json) ? (json.requests ?? json.value) : json).map(
        ({ method, path, url }) => `${String(method)} ${String(path ?? url)}`,
      );
    },
    async reset() {
      azure.reset();
    },
    async stop() {
      await azure.close();
      await server.close();
    },
  };
}

/** Looks, and gives what is certain to be there. */
export async function look(tenant: Tenant): Promise<Snapshot & { readonly identity: Identity }> {
  const snapshot = await tenant.observe(SCOPE, []);
  if (!snapshot.identity) throw new Error('no identity was observed');
  return { ...snapshot, identity: snapshot.identity };
}

/** What PIM has held for a month, so that it can be removed. */
export function standing(principal: string, over: JsonObject = {}): JsonObject {
  const name = `0a000000-0000-4000-8000-${principal.slice(-12)}`;
  return {
    id: `${RG_HUB}/${AUTHORIZATION}/RoleAssignmentSchedules/${name}`,
    name,
    type: 'Microsoft.Authorization/RoleAssignmentSchedules',
    properties: {
      scope: RG_HUB,
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${ROLE}`,
      principalId: principal,
      principalType: 'User',
      assignmentType: 'Assigned',
      startDateTime: '-P30D',
      createdOn: '-P30D',
      ...over,
    },
  };
}

/** How many findings of the control there are now. */
export async function findingsOf({ tenant, policy }: SignInTenant, control: string): Promise<number> {
  const { identity } = await look(tenant);
  return evaluateIdentity(identity, policy, new Date()).findings.filter((each) => each.control === control).length;
}
