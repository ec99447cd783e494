/** Opens the local Azure of a playground: with the events of a deployment, and its identity in the role of a deployment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalAzure, type DeadLetter, type LocalAzure } from './azure';
import { EstateError } from './azure/load';
import { InputError } from './estate-file';
import { deployedEventSubscriptions } from './event-subscriptions';
import { parseJson } from './json';
import { projectRoot } from './project-root';

export interface AzureToOpen {
  readonly estate: readonly unknown[];
  /** What to call the estate when it cannot be read. */
  readonly estateName: string;
  /** Holds the identity to `infra/roles/network.json` from the start. */
  readonly rbac: boolean;
  readonly onDeadLetter: (letter: DeadLetter) => Promise<void>;
  readonly now?: (() => Date) | undefined;
  readonly seed?: number | undefined;
}

/** Throws InputError when the estate cannot be read. */
export function openAzure({ estate, estateName, rbac, onDeadLetter, now, seed }: AzureToOpen): LocalAzure {
  try {
    return createLocalAzure({
      estate,
      eventSubscriptions: deployedEventSubscriptions(),
      onDeadLetter,
      identityRole: parseJson(readFileSync(join(projectRoot(), 'infra/roles/network.json'), 'utf8')),
      rbac,
      ...(now && { now }),
      ...(seed !== undefined && { seed }),
    });
  } catch (error) {
    if (error instanceof EstateError) throw new InputError(`${estateName}: ${error.message}`);
    throw error;
  }
}
