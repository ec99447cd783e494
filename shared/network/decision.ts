/** How one layer decided about a packet. */

export type Layer = 'subnet' | 'interface';

/** `securityGroup`, `rule` and `priority` are null where no group stands at that layer: the layer then allows. */
export interface Decision {
  readonly layer: Layer;
  /** Id of the group, casing as read. */
  readonly securityGroup: string | null;
  readonly rule: string | null;
  readonly priority: number | null;
}
