/** Opens the local Azure of a playground: with the events of a deployment, and its identity in the role of a deployment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTITY_CLIENT_ID } from './app-environment';
import { createLocalAzure, type DeadLetter, type LocalAzure } from './azure';
import { DEFAULT_SUBSCRIPTION, EstateError } from './azure/load';
import { InputError } from './estate-file';
import { DirectoryError } from './directory/load';
import { deployedEventSubscriptions, eventGridResources } from './event-subscriptions';
import { isObject, type JsonObject, listAt, parseJson, textAt } from './json';
import { projectRoot } from './project-root';

export interface AzureToOpen {
  readonly estate: readonly unknown[];
  /** What to call the estate when it cannot be read. */
  readonly estateName: string;
  /** Holds the identities to `infra/roles/network.json` and `infra/roles/identity.json` from the start. */
  readonly rbac: boolean;
  readonly onDeadLetter: (letter: DeadLetter) => Promise<void>;
  readonly now?: (() => Date) | undefined;
  readonly seed?: number | undefined;
}

function jsonIn(path: string): unknown {
  return parseJson(readFileSync(join(projectRoot(), path), 'utf8'));
}

function entriesIn(path: string): JsonObject[] {
  const entries = jsonIn(path);
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

/** The app's own identity looks at both halves; what it finds at sign-in settings another one writes. */
function withReadsOf(role: unknown, other: unknown): JsonObject {
  const permissions = [...listAt(role, 'permissions'), ...listAt(other, 'permissions').map(reading)];
  return { ...(isObject(role) && role), permissions };
}

function reading(permission: unknown): JsonObject {
  const actions = listAt(permission, 'actions').filter((action) => String(action).endsWith('/read'));
  return { actions, notActions: [], dataActions: [], notDataActions: [] };
}

/** Throws InputError when the estate cannot be read. */
export function openAzure({ estate, estateName, rbac, onDeadLetter, now, seed }: AzureToOpen): LocalAzure {
  const eventSubscriptions = deployedEventSubscriptions();
  try {
    return createLocalAzure({
      estate,
      deployed: (any) => subscriptionsIn(any).flatMap((each) => eventGridResources(each, eventSubscriptions)),
      directory: jsonIn('playground/estates/directory.json'),
      eventSubscriptions,
      onDeadLetter,
      authorization: entriesIn('playground/estates/authorization.json'),
      identityRole: withReadsOf(jsonIn('infra/roles/network.json'), jsonIn('infra/roles/identity.json')),
      identityRoles: { [IDENTITY_CLIENT_ID]: jsonIn('infra/roles/identity.json') },
      rbac,
      ...(now && { now }),
      ...(seed !== undefined && { seed }),
    });
  } catch (error) {
    if (error instanceof EstateError) throw new InputError(`${estateName}: ${error.message}`);
    if (error instanceof DirectoryError) throw new InputError(`playground/estates/directory.json: ${error.message}`);
    throw error;
  }
}

/** In the order in which the estate names them. */
function subscriptionsIn(estate: readonly unknown[]): string[] {
  const named = estate.flatMap((entry) => /^\/subscriptions\/([^/]+)\//i.exec(textAt(entry, 'id') ?? '')?.[1] ?? []);
  return named.length > 0 ? [...new Set(named)] : [DEFAULT_SUBSCRIPTION];
}
