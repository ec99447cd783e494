/** The policy on the network: hub and spokes, peerings, public addresses, Bastion itself. */
import { z } from 'zod';
import { answeredFor, idOfType, port, resourceId } from './fields';

/** One way to say which virtual networks are meant: by id, by tag, or by a name in which `*` stands for any text. */
const networkSelector = z.union([
  z.strictObject({ id: idOfType('virtualNetworks') }),
  z.strictObject({ tag: z.strictObject({ name: z.string().min(1), value: z.string() }) }),
  z.strictObject({ name: z.string().min(1) }),
]);

const peeringSettings = z.strictObject({
  allowVirtualNetworkAccess: z.boolean().default(true),
  allowForwardedTraffic: z.boolean().default(false),
  allowGatewayTransit: z.boolean().default(false),
  useRemoteGateways: z.boolean().default(false),
});

/** Which networks are hubs and spokes, and which peerings there may be besides those between them. */
export const topologySection = z.strictObject({
  /** Ids; the networks of the pinned Bastion hosts are hubs without being named. */
  hubs: z.array(idOfType('virtualNetworks')).default([]),
  /** Absent: every other network that is guarded may be a spoke. */
  spokes: z.array(networkSelector).optional(),
  hubToSpoke: peeringSettings.prefault({}),
  spokeToHub: peeringSettings.prefault({}),
  approvedPeerings: z
    .array(
      z.strictObject({
        networks: z.tuple([idOfType('virtualNetworks'), idOfType('virtualNetworks')]),
        settings: peeringSettings.partial().optional(),
        ...answeredFor,
      }),
    )
    .default([]),
});

export const PUBLIC_IP_KINDS = [
  'bastion',
  'virtual-network-gateway',
  'firewall',
  'load-balancer',
  'nat-gateway',
  'application-gateway',
] as const;

export const publicIpSection = z.strictObject({
  /** What a public IP may sit on without being named. */
  kinds: z.array(z.enum(PUBLIC_IP_KINDS)).default([...PUBLIC_IP_KINDS]),
  /** Public IPs, or the interfaces, machines or scale sets that may have one. */
  approved: z.array(z.strictObject({ id: resourceId, ...answeredFor })).default([]),
});

/**
 * How Bastion itself is set. `client: browser` has no file transfer and no custom ports and may be recorded; `native`
 * gives the Azure CLI's client both and takes recording away: fewer knobs are less to attack. What is not said is not
 * judged; only shareable links are off unless they are allowed, because they need no Azure account.
 */
export const bastionSection = z
  .strictObject({
    minimumSku: z.enum(['Basic', 'Standard', 'Premium']).optional(),
    client: z.enum(['browser', 'native']).optional(),
    fileTransfer: z.boolean().optional(),
    copyPaste: z.boolean().optional(),
    connectByAddress: z.boolean().optional(),
    shareableLinks: z.boolean().default(false),
    kerberos: z.boolean().optional(),
    sessionRecording: z.boolean().optional(),
    privateOnly: z.boolean().optional(),
    /** Ports besides 22 and 3389 that Bastion may use to machines. */
    customPorts: z.array(port).default([]),
  })
  .superRefine((bastion, context) => {
    const problem = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (bastion.fileTransfer && bastion.client === 'browser')
      problem('fileTransfer', 'the browser has no file transfer: set client to native, or leave it off');
    if (bastion.customPorts.length > 0 && bastion.minimumSku === 'Basic')
      problem('customPorts', 'custom ports need minimumSku Standard or Premium');
    if (bastion.sessionRecording === true && bastion.client === 'native')
      problem('sessionRecording', 'sessions of the native client cannot be recorded: set client to browser');
    if (bastion.sessionRecording === true && bastion.minimumSku !== 'Premium')
      problem('sessionRecording', 'recording needs minimumSku Premium');
    if (bastion.privateOnly === true && bastion.minimumSku !== 'Premium')
      problem('privateOnly', 'a private-only host needs minimumSku Premium');
  });
