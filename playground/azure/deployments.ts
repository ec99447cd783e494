// What network managers have deployed: per manager, region and type the configurations of the last commit.
import type { Estate, EstateView } from './estate';
import { sameText, textAt, textsAt } from './json';
import { isWithin } from './resource-id';

/** Not a resource type of Azure: the actions of the manager answer to it, and the playground's state. */
const TYPE = 'Microsoft.Network/networkManagers/deployments';

export interface Commit {
  readonly commitType: string;
  readonly configurationIds: readonly string[];
  readonly targetLocations: readonly string[];
  readonly commitTime: Date;
}

export interface Deployment {
  readonly region: string;
  /** As deployment states name it: a SecurityAdmin commit deploys SecurityAdmin configurations. */
  readonly deploymentType: string;
  readonly configurationIds: readonly string[];
  readonly commitTime: string;
}

function plain(region: string): string {
  return region.replaceAll(' ', '').toLowerCase();
}

/** Puts the configurations of a commit in force in its regions, in place of those of the same type before. */
export function deploy(estate: Estate, managerId: string, commit: Commit): void {
  const manager = estate.exactly(managerId);
  if (!manager) return;
  for (const region of commit.targetLocations.map(plain)) {
    const name = `${region}-${commit.commitType}`;
    const properties: Deployment = {
      region,
      deploymentType: commit.commitType,
      configurationIds: commit.configurationIds,
      commitTime: commit.commitTime.toISOString(),
    };
    estate.put({ ...manager, id: `${managerId}/deployments/${name}`, type: TYPE, name, body: { properties } });
  }
}

/** The deployments of a manager. */
export function deploymentsOf(estate: EstateView, managerId: string): Deployment[] {
  return estate
    .all(TYPE)
    .filter(({ id }) => isWithin(id, managerId))
    .map(({ body }) => ({
      region: textAt(body, 'properties', 'region') ?? '',
      deploymentType: textAt(body, 'properties', 'deploymentType') ?? '',
      configurationIds: textsAt(body, 'properties', 'configurationIds'),
      commitTime: textAt(body, 'properties', 'commitTime') ?? '',
    }));
}

/**
 * True when a security admin configuration is in force in a region. A manager that has committed none here counts all its
 * configurations as deployed: an estate file shows configurations, not what was committed before it was exported.
 */
export function isDeployed(estate: EstateView, managerId: string, configurationId: string, region: string): boolean {
  const last = deploymentsOf(estate, managerId).find(
    (each) => each.deploymentType === 'SecurityAdmin' && each.region === plain(region),
  );
  return !last || last.configurationIds.some((id) => sameText(id, configurationId));
}
