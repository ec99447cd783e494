// Slices of an estate: a place that may receive, with a protocol, a port and a family that mean something there.
import type { Arbitrary } from 'fast-check';
import type { ArmResource, SecurityGroupResource } from '../arm';
import type { Slice } from '../z3';
import { arbitraryPacket, arbitraryPacketFor } from './packet';

/** A slice of the estate, half of the time on an admin port; drawn like packets, so that ports lie at edges. */
export function arbitrarySlice(resources: readonly ArmResource[]): Arbitrary<Slice> {
  return arbitraryPacket(resources).map(({ source, ...packet }) => ({
    ...packet,
    family: source.includes(':') ? 6 : 4,
  }));
}

/** A slice of a group that stands alone. */
export function arbitrarySliceFor(group: SecurityGroupResource): Arbitrary<Slice> {
  return arbitraryPacketFor(group).map(({ source, ...packet }) => ({
    ...packet,
    endpoint: group.id,
    family: source.includes(':') ? 6 : 4,
  }));
}
