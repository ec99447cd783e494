/** The bundle's entry: loading a function's file registers it. */
export { nsgChanged } from './nsg-changed';
export { reconcileNetwork } from './reconcile-network';
