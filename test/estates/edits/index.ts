/** Every kind of edit, and for each the closed list of reasons for which a finding of its making may be left to a person. */
import type { HoldReason } from '../../../shared/remediation/plan';
import * as attachments from './attachments';
import * as bastion from './bastion';
import type { MakeEdit } from './edit';
import * as roads from './roads';
import * as rules from './rules';

/** A finding of this control may be held for this reason, because … */
export interface AllowedHold {
  readonly control: string;
  readonly reason: HoldReason;
  readonly because: string;
}

export interface EditKind {
  readonly make: MakeEdit;
  readonly holds: readonly AllowedHold[];
}

const NOTHING: readonly AllowedHold[] = [];

export const EDIT_KINDS = {
  'widen-rule': { make: rules.widenRule, holds: NOTHING },
  'add-rule': { make: rules.addRule, holds: NOTHING },
  'delete-deny': { make: rules.deleteDeny, holds: NOTHING },
  'deny-to-allow': { make: rules.denyToAllow, holds: NOTHING },
  'shut-out-bastion': { make: rules.shutOutBastion, holds: NOTHING },
  'service-rule': { make: rules.serviceRule, holds: NOTHING },
  'describe-rule': { make: rules.describeRule, holds: NOTHING },
  'detach-group': { make: attachments.detachGroup, holds: NOTHING },
  'detach-interface-group': { make: attachments.detachInterfaceGroup, holds: NOTHING },
  'delete-group': { make: attachments.deleteGroup, holds: NOTHING },
  'swap-group': { make: attachments.swapGroup, holds: NOTHING },
  'attach-public-ip': { make: attachments.attachPublicIp, holds: NOTHING },
  'route-subnet': { make: attachments.routeSubnet, holds: NOTHING },
  'add-subnet': { make: attachments.addSubnet, holds: NOTHING },
  'add-bare-subnet': { make: attachments.addBareSubnet, holds: NOTHING },
  'add-interface': { make: attachments.addInterface, holds: NOTHING },
  'tag-resource': { make: attachments.tagResource, holds: NOTHING },
  'delete-peering-end': { make: roads.deletePeeringEnd, holds: NOTHING },
  'delete-peering': { make: roads.deletePeering, holds: NOTHING },
  'add-peering': { make: roads.addPeering, holds: NOTHING },
  'flip-peering': { make: roads.flipPeering, holds: NOTHING },
  'add-nat-rule': { make: roads.addNatRule, holds: NOTHING },
  'redirect-nat-rule': { make: roads.redirectNatRule, holds: NOTHING },
  'add-balancing-rule': { make: roads.addBalancingRule, holds: NOTHING },
  'slow-probe': { make: roads.slowProbe, holds: NOTHING },
  'delete-bastion-rule': { make: bastion.deleteBastionRule, holds: NOTHING },
  'deny-in-bastion-group': { make: bastion.denyInBastionGroup, holds: NOTHING },
  'stop-sessions': { make: bastion.stopSessions, holds: NOTHING },
  'open-bastion-group': { make: bastion.openBastionGroup, holds: NOTHING },
  'set-bastion': { make: bastion.setBastion, holds: NOTHING },
} as const satisfies Readonly<Record<string, EditKind>>;

export type EditName = keyof typeof EDIT_KINDS;

export const EDIT_NAMES = Object.keys(EDIT_KINDS) as readonly EditName[];
