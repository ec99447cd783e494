/** The stories that `npm run demo` plays, in this order. */
import { asgJoined } from './asg-joined';
import { bastionLockedOut } from './bastion-locked-out';
import { bastionRules } from './bastion-rules';
import { bastionSettings } from './bastion-settings';
import { colleagueEdits } from './colleague';
import { contain } from './contain';
import { firstLook } from './first-look';
import { halted } from './halt';
import { httpsLeftAlone } from './https-left-alone';
import { identityBreakGlass } from './identity-break-glass';
import { identityContextUnticked } from './identity-context-unticked';
import { identityExcludedGroup } from './identity-excluded-group';
import { identityPermanent } from './identity-permanent';
import { identityReportOnly } from './identity-report-only';
import { identityOtherRole, identityReader } from './identity-standing';
import { identityStrength } from './identity-strength';
import { lateEvents } from './late-events';
import { movedAway } from './moved';
import { natRuleToSsh } from './nat-rule-to-ssh';
import { nsgDeleted, nsgDetached } from './nsg-detached';
import { openSessions } from './open-sessions';
import { peeringDeleted } from './peering-deleted';
import { peeringFlags, peeringFlagsUnheard } from './peering-flags';
import { publicIpAttached } from './public-ip-attached';
import { rdpFromInternet } from './rdp-from-internet';
import { rdpFromVirtualNetwork } from './rdp-from-virtual-network';
import { routesChanged } from './routes-changed';
import { spokesPeered } from './spokes-peered';
import { sshFromTwoHalves } from './ssh-from-two-halves';
import type { Story } from './stage';
import { switchedOff } from './switched-off';
import { teamsDown } from './teams-down';
import { threeAtOnce } from './three-at-once';

const ofNetwork: readonly Story[] = [
  rdpFromInternet,
  sshFromTwoHalves,
  rdpFromVirtualNetwork,
  httpsLeftAlone,
  contain,
  lateEvents,
  colleagueEdits,
  teamsDown,
  switchedOff,
  halted,
  firstLook,
  publicIpAttached,
  natRuleToSsh,
  spokesPeered,
  peeringDeleted,
  peeringFlags,
  peeringFlagsUnheard,
  nsgDetached,
  nsgDeleted,
  bastionRules,
  bastionLockedOut,
  bastionSettings,
  asgJoined,
  routesChanged,
  movedAway,
  threeAtOnce,
  openSessions,
];

const ofSignIn: readonly Story[] = [
  identityReportOnly,
  identityStrength,
  identityExcludedGroup,
  identityContextUnticked,
  identityPermanent,
  identityReader,
  identityOtherRole,
  identityBreakGlass,
];

export const stories: readonly Story[] = [
  ...ofNetwork,
  ...ofSignIn.map((story) => ({ ...story, isAboutSignIn: true })),
];
