/** The policy on the network: hub and spokes, peerings, public addresses, Bastion itself. */
import { z } from 'zod';
import { answeredFor, idOfType, port, resourceId } from './fields';

/** One way to say which virtual networks are meant: by id, by tag, or by a name in which `*` stands for any text. */
const networkSelector = z.union(
  [
    z.strictObject({ id: idOfType('virtualNetworks').describe('One virtual network, by its id') }),
    z.strictObject({
      tag: z
        .strictObject({
          name: z.string().min(1).describe('The name of the tag'),
          value: z.string().describe('Its value'),
        })
        .describe('Every virtual network that carries this tag; whoever may set tags may then add spokes'),
    }),
    z.strictObject({
      name: z.string().min(1).describe('Every virtual network of this name; * stands for any text, as in vnet-app-*'),
    }),
  ],
  {
    error:
      'give exactly one of id (/subscriptions/…/Microsoft.Network/virtualNetworks/NAME), tag ({name, value}) and name (with * for any text)',
  },
);

const peeringSettings = z.strictObject({
  allowVirtualNetworkAccess: z.boolean().default(true).describe('Whether the networks reach each other at all'),
  allowForwardedTraffic: z
    .boolean()
    .default(false)
    .describe('Whether traffic may come in that did not begin in the other network'),
  allowGatewayTransit: z.boolean().default(false).describe('Whether the other side may use the gateways of this one'),
  useRemoteGateways: z.boolean().default(false).describe('Whether this side uses the gateways of the other'),
});

/** Which networks are hubs and spokes, and which peerings there may be besides those between them. */
export const topologySection = z.strictObject({
  hubs: z
    .array(idOfType('virtualNetworks'))
    .default([])
    .describe('Ids of hubs; the networks of the pinned Bastion hosts are hubs without being named'),
  spokes: z
    .array(networkSelector)
    .optional()
    .describe('The spokes, each by id, tag or name; absent: every other network that is guarded may be one'),
  hubToSpoke: peeringSettings.prefault({}).describe('How the half of a peering is set that stands in the hub'),
  spokeToHub: peeringSettings.prefault({}).describe('How the half of a peering is set that stands in the spoke'),
  approvedPeerings: z
    .array(
      z.strictObject({
        networks: z
          .tuple([idOfType('virtualNetworks'), idOfType('virtualNetworks')], 'give the ids of both networks')
          .describe('The ids of both networks, in any order'),
        settings: peeringSettings
          .partial()
          .optional()
          .describe('How both halves are set; what is not said is at its default'),
        ...answeredFor,
      }),
    )
    .default([])
    .describe('Peerings that may be there besides those between a hub and a spoke'),
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
  kinds: z
    .array(z.enum(PUBLIC_IP_KINDS))
    .default([...PUBLIC_IP_KINDS])
    .describe('What a public IP may sit on without being named'),
  approved: z
    .array(
      z.strictObject({
        id: resourceId.describe('A public IP, or the interface, machine or scale set that may have one'),
        ...answeredFor,
      }),
    )
    .default([])
    .describe('Public IPs on other kinds that may stay'),
});

/**
 * How Bastion itself is set. `client: browser` has no file transfer and may be recorded; `native` gives the Azure CLI's
 * client both that and tunnels, and takes recording away: fewer knobs are less to attack. What is not said is not
 * judged; only shareable links are off unless they are allowed, because they need no Azure account.
 */
export const bastionSection = z
  .strictObject({
    minimumSku: z
      .enum(['Basic', 'Standard', 'Premium'])
      .optional()
      .describe('The least SKU; an upgrade rebuilds the host and is left to a person'),
    client: z
      .enum(['browser', 'native'])
      .optional()
      .describe('browser: only the portal; native: the client of the Azure CLI as well (enableTunneling)'),
    fileTransfer: z.boolean().optional().describe('Whether files may be copied; the native client only'),
    copyPaste: z.boolean().optional().describe('Whether text may be copied and pasted in the browser'),
    connectByAddress: z
      .boolean()
      .optional()
      .describe('Whether Bastion may connect to any address, also on premises, and not only to machines of Azure'),
    shareableLinks: z
      .boolean()
      .default(false)
      .describe('Whether links may be shared by which people without an Azure account reach a machine'),
    kerberos: z.boolean().optional().describe('Whether sign-in by Kerberos is on'),
    sessionRecording: z.boolean().optional().describe('Whether sessions in the browser are recorded (Premium)'),
    privateOnly: z
      .boolean()
      .optional()
      .describe('Whether Bastion has no public IP and is reached over VPN or ExpressRoute (Premium)'),
    customPorts: z
      .array(port)
      .default([])
      .describe('Ports besides 22 and 3389 on which Bastion may reach machines (Standard)'),
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
