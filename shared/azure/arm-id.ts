/** The parts of an ARM resource id that the clients want one by one. */

export interface ArmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The top-level type below Microsoft.Network, in lower case. */
  readonly type: string;
  readonly name: string;
  /** The id of the top-level resource: children are read and written with it. */
  readonly topLevel: string;
}

const NETWORK_ID =
  /^(\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Network\/([^/]+)\/([^/]+))(?:\/.*)?$/i;

/** Splits the id of a Microsoft.Network resource or of one of its children; undefined for any other text. */
export function parseArmId(id: string): ArmId | undefined {
  const [, topLevel, subscriptionId, resourceGroup, type, name] = NETWORK_ID.exec(id) ?? [];
  if (!topLevel || !subscriptionId || !resourceGroup || !type || !name) return undefined;
  return { subscriptionId, resourceGroup, type: type.toLowerCase(), name, topLevel };
}
