// The POST actions by which shareable links of a Bastion host are made, listed and removed.
import type { ActionRequest, ArmAction } from '../action';
import { invalidReference, refuse, resourceNotFound, unreadable } from '../arm-error';
import { keepLink, linksOf, linkTo, linkView, sharesLinks } from '../bastion-links';
import type { Stored } from '../estate';
import { listAt, sameText, textAt, textsAt } from '../json';
import { parseResourceId, sameId } from '../resource-id';

const HOST = 'Microsoft.Network/bastionHosts';
const MACHINE = 'Microsoft.Compute/virtualMachines';

function hostOf({ world, id }: ActionRequest): Stored {
  const host = world.estate.exactly(id);
  if (!host) throw resourceNotFound(id.split('/providers/')[1] ?? id, parseResourceId(id)?.resourceGroup ?? '');
  if (sharesLinks(host)) return host;
  throw refuse(
    'BastionHostShareableLinkNotEnabled',
    `Bastion host ${id} has no shareable links: enableShareableLink is off.`,
  );
}

/** The machines that the request names. */
function machinesOf({ body }: ActionRequest): string[] {
  const { vms } = body;
  if (vms !== undefined && vms !== null && !Array.isArray(vms)) throw unreadable("Expected an array. Path 'vms'.");
  return listAt(body, 'vms').map((entry) => {
    const id = textAt(entry, 'vm', 'id');
    if (id) return id;
    throw unreadable("Required property 'vm' not found in JSON. Path 'vms'.");
  });
}

function required(machines: readonly string[]): readonly string[] {
  if (machines.length > 0) return machines;
  throw refuse('BastionShareableLinkMissingVm', 'The request names no virtual machine.');
}

export const createShareableLinks: ArmAction = {
  type: HOST,
  name: 'createShareableLinks',
  isLongRunning: true,
  prepare(request) {
    const { world, id } = request;
    const host = hostOf(request);
    const machines = required(machinesOf(request)).map((given) => {
      const machine = world.estate.exactly(given);
      if (!machine || !sameText(machine.type, MACHINE)) throw invalidReference(id, given);
      return machine.id;
    });
    return () => ({
      value: machines.map((machineId) => {
        const standing = linkTo(world.estate, id, machineId);
        if (standing) return linkView(standing);
        const token = world.random.guid();
        return linkView(keepLink(world.estate, host, { token, machineId, createdAt: world.clock.now() }));
      }),
    });
  },
};

export const deleteShareableLinks: ArmAction = {
  type: HOST,
  name: 'deleteShareableLinks',
  isLongRunning: true,
  prepare(request) {
    const { world, id } = request;
    hostOf(request);
    const machines = required(machinesOf(request));
    return () => {
      for (const machine of machines) {
        const link = linkTo(world.estate, id, machine);
        if (link) world.estate.remove(link.id);
      }
      return undefined;
    };
  },
};

export const deleteShareableLinksByToken: ArmAction = {
  type: HOST,
  name: 'deleteShareableLinksByToken',
  isLongRunning: true,
  prepare(request) {
    const { world, id, body } = request;
    hostOf(request);
    const tokens = textsAt(body, 'tokens');
    if (tokens.length === 0) throw refuse('BastionShareableLinkMissingToken', 'The request names no token.');
    return () => {
      const gone = linksOf(world.estate, id).filter(({ name }) => tokens.includes(name));
      for (const link of gone) world.estate.remove(link.id);
      return undefined;
    };
  },
};

/** Without machines in the request it lists every link of the host; with the feature off there are none. */
export const getShareableLinks: ArmAction = {
  type: HOST,
  name: 'getShareableLinks',
  isLongRunning: false,
  mayLackBody: true,
  prepare(request) {
    const { world, id } = request;
    const machines = machinesOf(request);
    return () => ({
      value: linksOf(world.estate, id)
        .map(linkView)
        .filter((link) => machines.length === 0 || machines.some((each) => sameId(textAt(link, 'vm', 'id'), each))),
    });
  },
};
