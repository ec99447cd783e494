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

const ADMIN = 'admin-ports-only-from-bastion';
const REACH = 'bastion-reaches-vms';
const PEERING = 'peering-only-approved';
const SETTINGS = 'peering-settings-match';

function because(control: string, reason: HoldReason, why: string): AllowedHold {
  return { control, reason, because: why };
}

const NOTHING: readonly AllowedHold[] = [];
const REPORTED = because(ADMIN, 'report-only', 'the policy wants 5985 and 5986 reported, not repaired');
/** Also where a new subnet has lost the group it came with. */
const BARE: readonly AllowedHold[] = [
  REPORTED,
  because(ADMIN, 'needs-a-person', 'nobody has said which group belongs on a new subnet'),
  because('subnet-has-nsg', 'needs-a-person', 'nobody has said which group belongs on a new subnet'),
];
const SHUT: readonly AllowedHold[] = [
  because(REACH, 'needs-a-person', 'another rule behind the deny would let others in once the deny is gone'),
  REPORTED,
  because(ADMIN, 'needs-a-person', 'a group that was taken off its subnet would shut Bastion out as it stands now'),
  because('subnet-has-nsg', 'needs-a-person', 'a group that was taken off its subnet would shut Bastion out'),
];
/** A road is put back only if it lets nobody reach more than was accepted. */
const PARTED: readonly AllowedHold[] = [
  because(REACH, 'needs-a-person', 'what was opened meanwhile would be reached by the road as well'),
  because(PEERING, 'needs-a-person', 'the same; or the missing end is in another subscription, whose look restores it'),
];
const JOINED: readonly AllowedHold[] = [
  because(PEERING, 'needs-approval', 'deleting a peering parts networks that somebody joined'),
  because(PEERING, 'needs-a-person', 'the far side is in a subscription that this look does not read'),
  because(SETTINGS, 'needs-approval', 'the peering that is not as it should be is new: taking it back deletes it'),
];
const FLIPPED: readonly AllowedHold[] = [
  because(SETTINGS, 'needs-approval', 'gateway and forwarding settings decide on roads of others'),
  because(SETTINGS, 'not-proven', 'to let a network in again would let it reach what was opened meanwhile'),
  because(REACH, 'needs-a-person', 'to let a network in again would let it reach what was opened meanwhile'),
];
const ADDRESSED: readonly AllowedHold[] = [
  because(
    'public-ip-only-where-approved',
    'needs-a-person',
    'something else comes in by the address, or the machine would have no way out',
  ),
];
const WIDENED: readonly AllowedHold[] = [
  because(
    REACH,
    'needs-a-person',
    'the rule admits the Bastion of the other hub now, which taking it back would shut out',
  ),
];

export const EDIT_KINDS = {
  'widen-rule': { make: rules.widenRule, holds: WIDENED },
  'add-rule': { make: rules.addRule, holds: [REPORTED] },
  'delete-deny': { make: rules.deleteDeny, holds: [REPORTED] },
  'deny-to-allow': { make: rules.denyToAllow, holds: [REPORTED] },
  'shut-out-bastion': { make: rules.shutOutBastion, holds: SHUT },
  'service-rule': { make: rules.serviceRule, holds: NOTHING },
  'describe-rule': { make: rules.describeRule, holds: NOTHING },
  'detach-group': { make: attachments.detachGroup, holds: NOTHING },
  'detach-interface-group': { make: attachments.detachInterfaceGroup, holds: NOTHING },
  'delete-group': { make: attachments.deleteGroup, holds: NOTHING },
  'swap-group': { make: attachments.swapGroup, holds: [REPORTED] },
  'attach-public-ip': { make: attachments.attachPublicIp, holds: ADDRESSED },
  'route-subnet': { make: attachments.routeSubnet, holds: NOTHING },
  'add-subnet': { make: attachments.addSubnet, holds: BARE },
  'add-bare-subnet': { make: attachments.addBareSubnet, holds: BARE },
  'add-interface': { make: attachments.addInterface, holds: NOTHING },
  'tag-resource': { make: attachments.tagResource, holds: NOTHING },
  'delete-peering-end': { make: roads.deletePeeringEnd, holds: PARTED },
  'delete-peering': { make: roads.deletePeering, holds: PARTED },
  'add-peering': { make: roads.addPeering, holds: JOINED },
  'flip-peering': { make: roads.flipPeering, holds: FLIPPED },
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
