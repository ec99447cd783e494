/** The bundle's entry: loading a function's file registers it. */
export { deliverAlert } from './deliver-alert';
export { networkChanged } from './network-changed';
export { nsgChanged } from './nsg-changed';
export { peeringChanged } from './peering-changed';
export { publicIpChanged } from './public-ip-changed';
export { recheck } from './recheck';
export { reconcileIdentity } from './reconcile-identity';
export { reconcileNetwork } from './reconcile-network';
export { roleChanged } from './role-changed';
export { watchDirectory } from './watch-directory';
