/** Reasons to hold a repair back that are the same for networks and for sign-in settings. */
import { CONTROLS } from '../controls';
import type { Finding } from '../finding';
import { modeOf } from '../policy/policy';
import type { Hold, PlanningInput } from './plan';

type HoldInput = Pick<PlanningInput, 'policy' | 'ceiling' | 'orders'>;

/** What the policy says of a port decides only where the port is what is wrong; elsewhere it tells how grave it is. */
const ABOUT_PORTS: ReadonlySet<string> = new Set(['admin-ports-only-from-bastion', 'inbound-nat-avoids-admin-ports']);
const REPORT_ONLY: ReadonlySet<string> = new Set(CONTROLS.filter((each) => each.reportOnly).map(({ id }) => id));

/** What the mode, the accepted state and a person's halt say; undefined if nothing speaks against a repair. */
export function standingHold(
  { control, evidence }: Finding,
  { policy, ceiling, orders }: HoldInput,
  isDrift: boolean,
): Hold | undefined {
  const mode = modeOf(policy, control, ceiling);
  if (mode === 'off') return { reason: 'off', detail: 'the guardrail is switched off; nothing is written' };
  if (mode === 'report')
    return { reason: 'report-only', detail: `the mode of ${control} is report; nothing is written` };
  if (REPORT_ONLY.has(control)) {
    return {
      reason: 'report-only',
      detail: `${control} only ever reports: what to do about it is for a person to decide`,
    };
  }
  const { exposures } = evidence;
  if (ABOUT_PORTS.has(control) && exposures.length > 0 && exposures.every(({ reportOnly }) => reportOnly)) {
    return { reason: 'report-only', detail: 'the policy wants these ports reported, not repaired' };
  }
  if (!isDrift) {
    return { reason: 'standing', detail: 'it was there when the guardrail first looked; a person decides about it' };
  }
  if (orders.halted !== undefined) return { reason: 'halted', detail: `writes are halted: ${orders.halted}` };
  return undefined;
}

/** Where the control's mode is `approve`: undefined once a person has approved the repair. */
export function approvalHold(
  { control, fingerprint }: Finding,
  { policy, ceiling, orders }: HoldInput,
): Hold | undefined {
  if (modeOf(policy, control, ceiling) !== 'approve' || orders.approved.has(fingerprint)) return undefined;
  return { reason: 'needs-approval', detail: `the mode of ${control} is approve: guardrail approve ${fingerprint}` };
}
