// Network manager deployments: what a commit puts in force where, and the state of the last ones.
import type { ArmAction } from '../action';
import { invalidReference, refuse } from '../arm-error';
import { deploymentsOf, deploy } from '../deployments';
import { sameText, textAt, textsAt } from '../json';
import { isWithin } from '../resource-id';

const MANAGER = 'Microsoft.Network/networkManagers';
const COMMIT_TYPES = ['SecurityAdmin', 'Connectivity', 'SecurityUser', 'Routing'] as const;

export const commit: ArmAction = {
  type: MANAGER,
  name: 'commit',
  isLongRunning: true,
  prepare({ world, id, body }) {
    const targetLocations = textsAt(body, 'targetLocations');
    const configurationIds = textsAt(body, 'configurationIds');
    const commitType = COMMIT_TYPES.find((type) => sameText(type, textAt(body, 'commitType')));
    if (targetLocations.length === 0)
      throw refuse('NetworkManagerCommitMissingLocation', `The commit of ${id} names no target location.`);
    if (!commitType) {
      const given = textAt(body, 'commitType') ?? '';
      throw refuse(
        'NetworkManagerCommitTypeInvalid',
        `The commit type '${given}' is none of ${COMMIT_TYPES.join(', ')}.`,
      );
    }
    for (const configurationId of configurationIds) {
      if (!isWithin(configurationId, id) || !world.estate.exactly(configurationId))
        throw invalidReference(id, configurationId);
    }
    const commitId = world.random.guid();
    return () => {
      deploy(world.estate, id, { commitType, configurationIds, targetLocations, commitTime: world.clock.now() });
      return { commitId, targetLocations, configurationIds, commitType };
    };
  },
};

export const listDeploymentStatus: ArmAction = {
  type: MANAGER,
  name: 'listDeploymentStatus',
  isLongRunning: false,
  prepare({ world, id, body }) {
    const regions = textsAt(body, 'regions');
    const types = textsAt(body, 'deploymentTypes');
    return () => ({
      value: deploymentsOf(world.estate, id)
        .filter(({ region }) => regions.length === 0 || regions.some((each) => sameText(each, region)))
        .filter(({ deploymentType }) => types.length === 0 || types.some((each) => sameText(each, deploymentType)))
        .map((deployment) => ({ ...deployment, deploymentStatus: 'Deployed', errorMessage: '' })),
    });
  },
};
