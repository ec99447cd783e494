/** What is left of a control's findings once one remedy has been carried out on the model. */
import type { NetworkControl } from '../../../shared/controls/control';
import type { Finding, Remedy } from '../../../shared/finding';
import { isNetworkAction } from '../../../shared/action';
import { readNetwork } from '../../../shared/network/read';
import { worldAfter, worldOf } from '../../../shared/network/world';
import type { AccessPolicy } from '../../../shared/policy/policy';
import type { Resource } from '../../estate';

/** The findings after the remedy; an estate is given as its JSON, which the remedy changes. */
export function findingsAfter(
  control: NetworkControl,
  estate: readonly Resource[],
  policy: AccessPolicy,
  remedy: Remedy,
): readonly Finding[] {
  const world = worldOf(readNetwork(estate).network, estate);
  const after = worldAfter(world, remedy.actions.filter(isNetworkAction));
  return control.check(after.network, policy).findings;
}
