// Where the specifications are, and which paths they are meant to describe.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../playground/project-root';

/** Locks and policies are described with Microsoft.Resources, which is not among the documents. */
const DESCRIBED_ELSEWHERE = /\/providers\/Microsoft\.Authorization\/(?:locks|policy\w*)(?:\/|$)/i;
const DESCRIBED = /\/providers\/Microsoft\.(?:Network|Authorization)\/[^/]+/i;
/** A scale set's interfaces and addresses belong to the network provider, whatever their path says. */
const SCALE_SET_NETWORK = /\/virtualMachineScaleSets\/.+\/(?:networkInterfaces|publicIPAddresses)(?:\/|$)/i;

/** The folders with documents below `folder`; undefined when there are none. */
export function specificationFolders(
  folder = join(projectRoot(), '..', 'shared', 'specs'),
): readonly string[] | undefined {
  const resourceManager = (...parts: readonly string[]): string => join(folder, ...parts, 'resource-manager');
  const folders = [
    resourceManager('derived-2026-01-01', 'specification', 'network'),
    resourceManager('specification', 'network'),
    resourceManager('specification', 'authorization'),
  ];
  return folders.every((each) => existsSync(each)) ? folders : undefined;
}

/** True when some document should describe what stands at the path. */
export function isDescribed(path: string): boolean {
  if (DESCRIBED_ELSEWHERE.test(path)) return false;
  return DESCRIBED.test(path) || SCALE_SET_NETWORK.test(path);
}
