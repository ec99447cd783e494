// Requests that are refused, so that the errors are held against the specification, too.
import type { Sent, Stage } from './stage';
import { GROUP, LOCATION, NETWORK_API, idOf } from './stage';

const nsg = idOf('networkSecurityGroups', 'nsg-con');
const inUse = idOf('publicIPAddresses', 'pip-nic');
const subnet = idOf('virtualNetworks', 'vnet-near/subnets/snet-first');
const rule = { protocol: 'Tcp', access: 'Allow', direction: 'Inbound', sourcePortRange: '*', sourceAddressPrefix: '*' };

interface Refusal extends Omit<Sent, 'path'> {
  readonly status: number;
  readonly id: string;
}

const REFUSALS: readonly Refusal[] = [
  { status: 404, method: 'GET', id: idOf('networkSecurityGroups', 'nowhere') },
  { status: 404, method: 'GET', id: idOf('virtualNetworks', 'vnet-near/subnets/nowhere') },
  { status: 404, method: 'GET', id: idOf('virtualNetworks', 'any', 'rg-nowhere') },
  {
    status: 404,
    method: 'GET',
    id: '/subscriptions/00000000-0000-4000-8000-00000000dead/providers/Microsoft.Network/virtualNetworks',
  },
  {
    status: 404,
    method: 'PUT',
    id: idOf('networkSecurityGroups', 'nowhere/securityRules/r'),
    body: { properties: rule },
  },
  { status: 412, method: 'PUT', id: nsg, body: { location: LOCATION }, headers: { 'if-match': 'W/"stale"' } },
  { status: 412, method: 'DELETE', id: nsg, headers: { 'if-match': 'W/"stale"' } },
  { status: 409, method: 'PUT', id: nsg, body: { location: 'northeurope' } },
  {
    status: 400,
    method: 'PUT',
    id: nsg,
    body: { location: LOCATION, properties: { securityRules: [{ name: 'r', properties: { ...rule, priority: 5 } }] } },
  },
  { status: 400, method: 'PUT', id: nsg, body: { location: LOCATION, properties: 'none' } },
  { status: 400, method: 'DELETE', id: nsg },
  { status: 400, method: 'DELETE', id: inUse },
  { status: 400, method: 'DELETE', id: subnet },
  { status: 401, method: 'GET', id: nsg, headers: { authorization: '' } },
];

async function refused(stage: Stage, { status, id, ...request }: Refusal): Promise<void> {
  const answer = await stage.send({ ...request, path: `${id}?api-version=${NETWORK_API}` });
  if (answer.status !== status)
    throw new Error(
      `${request.method} ${id} answered ${answer.status} and not ${status}: ${JSON.stringify(answer.body)}`,
    );
}

export async function driveRefusals(stage: Stage): Promise<void> {
  for (const refusal of REFUSALS) await refused(stage, refusal);
  await driveLocked(stage);
  await driveBusy(stage);
}

async function driveLocked(stage: Stage): Promise<void> {
  const path = `${inUse}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01`;
  await stage.send({ method: 'PUT', path, body: { properties: { level: 'ReadOnly' } } });
  await refused(stage, { status: 409, method: 'PATCH', id: inUse, body: { tags: {} } });
  await stage.send({ method: 'DELETE', path });
}

/** A second write while the first still runs, and the answers for an operation under way. */
async function driveBusy(stage: Stage): Promise<void> {
  const id = idOf('applicationSecurityGroups', 'asg-busy');
  await stage.control('faults', { rules: [{ match: { method: 'PUT', path: 'asg-busy' }, operation: { ms: 1000 } }] });
  await stage.send({ method: 'PUT', path: `${id}?api-version=${NETWORK_API}`, body: { location: LOCATION } });
  for (const status of [409, 429] as const) {
    await stage.control('faults', { busyStatus: status });
    await refused(stage, { status, method: 'PUT', id, body: { location: LOCATION } });
  }
  await stage.control('faults', {});
  await stage.client.applicationSecurityGroups.get(GROUP, 'asg-busy');
  stage.leave(() => stage.client.applicationSecurityGroups.delete(GROUP, 'asg-busy'));
  // Long enough for the operation: a delete would be refused while it runs.
  await new Promise((resolve) => setTimeout(resolve, 1100));
}
