/**
 * What a peering needs before it is made again: its other half, left Disconnected when the first was deleted, must be
 * written once more as it is, or ARM refuses with RemotePeeringIsDisconnected
 * (https://learn.microsoft.com/azure/virtual-network/virtual-network-troubleshoot-peering-issues).
 */
import { isObject, listOf, propertiesOf, referenceOf, textOf } from '../network/json';
import { keyOf, nameOf, parentIdOf } from '../network/network';
import { PUTS } from './calls';
import type { ArmClients } from './client';
import { networkTargetOf } from './network-target';
import { readResource } from './read-resource';
import { sendWrite, type Write, type WriteConditions, type Written } from './send-write';
import { writableBody } from './writable-body';

const PEERINGS = 'virtualnetworks/virtualnetworkpeerings';

/** Writes the far half of the peering that `write` makes; undefined where there is nothing to wake. Throws AzureError. */
export async function wakeFarHalf(
  clients: ArmClients,
  { resource, body }: Write,
  conditions: WriteConditions,
): Promise<Written | undefined> {
  const remote = referenceOf(propertiesOf(body).remoteVirtualNetwork);
  if (remote === undefined || networkTargetOf(resource)?.type !== PEERINGS) return undefined;
  const own = keyOf(parentIdOf(resource));
  const half = listOf(propertiesOf(await readResource(clients, remote)).virtualNetworkPeerings)
    .filter(isObject)
    .find((each) => keyOf(referenceOf(propertiesOf(each).remoteVirtualNetwork) ?? '') === own);
  const target = networkTargetOf(textOf(half?.id) ?? '');
  const put = PUTS[PEERINGS];
  if (!half || !target || !put || textOf(propertiesOf(half).peeringState) !== 'Disconnected') return undefined;
  const { id, subscriptionId, group, names } = target;
  const etag = textOf(half.etag);
  return sendWrite(
    clients,
    {
      subscriptionId,
      resource: id,
      ...(etag !== undefined && { etag }),
      body: writableBody(PEERINGS, half),
      changes: [{ setting: `peeringState of ${nameOf(id)}`, before: 'Disconnected', after: 'Initiated' }],
      send: (network, options) => put(network, group, names, options),
    },
    conditions,
  );
}
