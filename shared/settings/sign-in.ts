/** Settings of the guard over sign-in: which tenant, by which identity, and whether this app does it at all. */
import type { Scope } from '../scope';
import { type Environment, list, shown, value } from './value';

export interface SignInSettings {
  /** Lower-case GUID of the tenant whose sign-in settings are guarded by this app, if they are. */
  readonly tenantId?: string;
  /** Client id of the identity that may write them; without it they are reported only. */
  readonly identityClientId?: string;
  readonly guards: readonly Scope['kind'][];
}

const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Reads them; every problem names its setting. The identity for sign-in must not be the one that writes networks. */
export function readSignIn(env: Environment, problems: string[]): SignInSettings {
  const tenantId = readGuid(env, 'GUARDRAIL_TENANT', problems);
  const identityClientId = readGuid(env, 'GUARDRAIL_IDENTITY_CLIENT_ID', problems);
  const guards = readGuards(env, tenantId !== undefined, problems);
  if (identityClientId !== undefined && identityClientId === value(env, 'AZURE_CLIENT_ID')?.toLowerCase()) {
    problems.push('GUARDRAIL_IDENTITY_CLIENT_ID is AZURE_CLIENT_ID: sign-in settings need an identity of their own');
  }
  if (identityClientId !== undefined && tenantId === undefined) {
    problems.push('GUARDRAIL_IDENTITY_CLIENT_ID is set without GUARDRAIL_TENANT: name the tenant, or take it out');
  }
  if (guards.includes('identity') && tenantId === undefined) {
    problems.push('GUARDRAIL_GUARDS names identity, and GUARDRAIL_TENANT is missing');
  }
  const isGuarded = guards.includes('identity');
  return {
    guards,
    ...(tenantId !== undefined && isGuarded && { tenantId }),
    ...(identityClientId !== undefined && isGuarded && { identityClientId }),
  };
}

function readGuid(env: Environment, name: string, problems: string[]): string | undefined {
  const text = value(env, name)?.toLowerCase();
  if (text === undefined || GUID.test(text)) return text;
  problems.push(`${name}: '${shown(text)}' is not a GUID`);
  return undefined;
}

function readGuards(env: Environment, hasTenant: boolean, problems: string[]): readonly Scope['kind'][] {
  const names = list(env, 'GUARDRAIL_GUARDS').map((name) => name.toLowerCase());
  if (names.length === 0) return hasTenant ? ['network', 'identity'] : ['network'];
  for (const name of names.filter((each) => !isGuard(each))) {
    problems.push(`GUARDRAIL_GUARDS: '${shown(name)}' is neither network nor identity`);
  }
  return names.filter(isGuard);
}

function isGuard(name: string): name is Scope['kind'] {
  return name === 'network' || name === 'identity';
}
