/** An interface (ARM JSON) with something of its first IP configuration replaced, as a person in a hurry would write it. */
import { isObject, listAt } from '../json';
import { withProperties } from './rules';

/** Throws when there is no IP configuration to change. */
export function withIpConfiguration(nic: unknown, replaced: object): object {
  const [first, ...others] = listAt(nic, 'properties', 'ipConfigurations').filter(isObject);
  if (first === undefined) throw new Error('The interface has no IP configuration');
  return withProperties(nic, { ipConfigurations: [withProperties(first, replaced), ...others] });
}
