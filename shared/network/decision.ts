/** How one layer decided about a packet. */

/** In the order a packet meets them; `admin` stands for the security admin rules of a network manager. */
export type Layer = 'admin' | 'subnet' | 'interface';

/** `securityGroup`, `rule` and `priority` are null where no group stands at that layer: the layer then allows. */
export interface Decision {
  readonly layer: Layer;
  /** Id of the group, or of the security admin configuration; casing as read. */
  readonly securityGroup: string | null;
  readonly rule: string | null;
  readonly priority: number | null;
}
