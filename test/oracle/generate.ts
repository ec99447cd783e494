// The generators' front: everything a property test needs to draw estates, groups and packets, and to show what they covered.
export type { ArmResource, SecurityGroupResource } from './arm';
export { arbitraryEstate } from './arbitrary/estate';
export { arbitraryNsg } from './arbitrary/group';
export { arbitraryPacket, arbitraryPacketFor } from './arbitrary/packet';
export { coverage } from './coverage';
export { unattachedGroups } from './attachment';
