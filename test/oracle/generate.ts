// The generators' front: everything a property test needs to draw estates, groups and packets, and to show what they covered.
export type { ArmResource, SecurityGroupResource } from './arm';
export type { Extent } from './arbitrary/estate';
export { arbitraryEstate } from './arbitrary/estate';
export { arbitraryNsg } from './arbitrary/group';
export { arbitraryPacket, arbitraryPacketFor } from './arbitrary/packet';
export { arbitrarySlice, arbitrarySliceFor } from './arbitrary/slice';
export { coverage, extraCoverage } from './coverage';
export { unattachedGroups } from './attachment';
