/** The bundle's entry: loading a function's file registers it. */
export { deliverAlert } from './deliver-alert';
export { nsgChanged } from './nsg-changed';
export { recheck } from './recheck';
export { reconcileNetwork } from './reconcile-network';
