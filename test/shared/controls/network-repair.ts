/** What tests of network controls ask of one control: what it finds, and what its remedies make of the estate. */
import type { NetworkControl } from '../../../shared/controls/control';
import type { Finding, Remedy } from '../../../shared/finding';
import { isNetworkAction } from '../../../shared/action';
import type { Network } from '../../../shared/network/network';
import { worldAfter, worldOf } from '../../../shared/network/world';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { networkOf, policyWith, type Resource } from '../../estate';

/** The findings of one control. */
export function findingsOf(
  control: NetworkControl,
  estate: readonly Resource[],
  policy: AccessPolicy = policyWith(),
): readonly Finding[] {
  return control.check(networkOf(estate), policy).findings;
}

/** The network once a remedy was carried out. */
export function repaired(estate: readonly Resource[], remedy: Remedy): Network {
  return worldAfter(worldOf(networkOf(estate), estate), remedy.actions.filter(isNetworkAction)).network;
}

/** What is found once this remedy was carried out. */
export function findingsAfter(
  control: NetworkControl,
  estate: readonly Resource[],
  policy: AccessPolicy,
  remedy: Remedy,
): readonly Finding[] {
  return control.check(repaired(estate, remedy), policy).findings;
}

/** Findings that are left, or new, once the first remedy of the finding was carried out. */
export function leftAfter(
  control: NetworkControl,
  estate: readonly Resource[],
  finding: Finding | undefined,
  policy: AccessPolicy = policyWith(),
): readonly string[] {
  const remedy = finding?.remedies[0];
  if (!remedy) throw new RangeError('the finding has no remedy');
  return findingsAfter(control, estate, policy, remedy).map(({ title }) => title);
}
