// Which security groups guard nothing in an estate, and so are to be judged as standing alone.
import type { ArmResource, Reference, SecurityGroupResource } from './arm';
import { isInterface, isSecurityGroup, sameId } from './arm';
import { subnetsOf } from './edges';

/** The groups that no subnet and no interface refers to. */
export function unattachedGroups(resources: readonly ArmResource[]): SecurityGroupResource[] {
  const holders: { networkSecurityGroup?: Reference }[] = [
    ...subnetsOf(resources).map(({ properties }) => properties),
    ...resources.filter(isInterface).map(({ properties }) => properties),
  ];
  return resources
    .filter(isSecurityGroup)
    .filter(({ id }) => !holders.some((holder) => sameId(holder.networkSecurityGroup?.id, id)));
}
