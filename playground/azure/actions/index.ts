// The POST actions that the local Azure carries out: one line each.
import type { ArmAction } from '../action';
import { sameText } from '../json';
import {
  createShareableLinks,
  deleteShareableLinks,
  deleteShareableLinksByToken,
  getShareableLinks,
} from './bastion-links';
import { disconnectActiveSessions, getActiveSessions } from './bastion-sessions';
import { effectiveAdminRules } from './effective-admin-rules';
import { moveResources, validateMoveResources } from './move-resources';
import { commit, listDeploymentStatus } from './network-manager-commit';
import { upgradeInstances } from './scale-set-upgrade';

const ACTIONS: readonly ArmAction[] = [
  createShareableLinks,
  deleteShareableLinks,
  deleteShareableLinksByToken,
  getShareableLinks,
  getActiveSessions,
  disconnectActiveSessions,
  commit,
  listDeploymentStatus,
  effectiveAdminRules,
  upgradeInstances,
  moveResources,
  validateMoveResources,
];

/** Every action, in the order of the table. */
export function allActions(): readonly ArmAction[] {
  return ACTIONS;
}

/** The action that a path names on a type, in any casing. */
export function actionOf(type: string, name: string): ArmAction | undefined {
  return ACTIONS.find((action) => sameText(action.type, type) && sameText(action.name, name));
}
