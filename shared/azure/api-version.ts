/** Which version of ARM's API a path is read at. */

/** The version that the network client writes at, so that what is read is what is written back. */
const NETWORK = '2026-01-01';
const COMPUTE = '2024-11-01';
const RESOURCES = '2021-04-01';
const EVENT_GRID = '2022-06-15';
/** Served by the network provider below a path of the compute provider, and at this version only. */
const SCALE_SET_INTERFACES = '2018-10-01';

/** The version for a resource or a list, by its path. */
export function apiVersionFor(path: string): string {
  if (!/\/providers\//i.test(path)) return RESOURCES;
  if (/\/providers\/Microsoft\.EventGrid\//i.test(path)) return EVENT_GRID;
  if (!/\/providers\/Microsoft\.Compute\//i.test(path)) return NETWORK;
  return /\/networkInterfaces$/i.test(path) ? SCALE_SET_INTERFACES : COMPUTE;
}
