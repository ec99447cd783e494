/** The stories that `npm run demo` plays, in this order. */
import { httpsLeftAlone } from './https-left-alone';
import { rdpFromInternet } from './rdp-from-internet';
import { rdpFromVirtualNetwork } from './rdp-from-virtual-network';
import { sshFromTwoHalves } from './ssh-from-two-halves';
import type { Story } from './stage';

export const stories: readonly Story[] = [rdpFromInternet, sshFromTwoHalves, rdpFromVirtualNetwork, httpsLeftAlone];
