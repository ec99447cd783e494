/** The stories that `npm run demo` plays, in this order. */
import { colleagueEdits } from './colleague';
import { contain } from './contain';
import { firstLook } from './first-look';
import { halted } from './halt';
import { httpsLeftAlone } from './https-left-alone';
import { lateEvents } from './late-events';
import { rdpFromInternet } from './rdp-from-internet';
import { rdpFromVirtualNetwork } from './rdp-from-virtual-network';
import { sshFromTwoHalves } from './ssh-from-two-halves';
import type { Story } from './stage';
import { switchedOff } from './switched-off';
import { teamsDown } from './teams-down';

export const stories: readonly Story[] = [
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
];
