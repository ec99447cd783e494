/** The registry: one line per control. */
import { fingerprintOf } from '../fingerprint';
import type { Finding } from '../finding';
import type { Gap, Network, ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Accepted } from './accepted';
import { adminPortsOnlyFromBastion } from './admin-ports-only-from-bastion';
import type { Checked, Control } from './control';

export const CONTROLS: readonly Control[] = [adminPortsOnlyFromBastion];

export const CONTROL_IDS: readonly string[] = CONTROLS.map((control) => control.id);

/** Checks every control that is not switched off; findings come gravest first, gaps once each. */
export function evaluate(
  network: Network,
  policy: AccessPolicy,
  focus?: ReadonlySet<ResourceKey>,
  accepted?: Accepted,
): Checked {
  const checked = CONTROLS.filter((control) => policy.controls[control.id] !== 'off').map((control) =>
    checkSafely(control, network, policy, focus, accepted),
  );
  return {
    findings: checked.flatMap((each) => each.findings),
    gaps: checked.flatMap((each) => each.gaps),
    skipped: checked.flatMap((each) => each.skipped),
  };
}

/** A control that throws is a finding against that control: never a pass, and no reason to skip the others. */
function checkSafely(
  control: Control,
  network: Network,
  policy: AccessPolicy,
  focus?: ReadonlySet<ResourceKey>,
  accepted?: Accepted,
): Checked {
  try {
    return control.check(network, policy, focus, accepted);
  } catch (error) {
    return { findings: [brokenControl(control, error)], gaps: [brokenGap(control, error)], skipped: [] };
  }
}

function brokenControl(control: Control, error: unknown): Finding {
  return {
    control: control.id,
    resource: control.id,
    severity: 'high',
    title: `the control ${control.id} failed and decided nothing: ${String(error)}`,
    fingerprint: fingerprintOf(control.id, 'control-failed'),
    evidence: { exposures: [] },
    remedies: [],
    restsOn: ['the control itself'],
  };
}

function brokenGap(control: Control, error: unknown): Gap {
  const why = `${String(error)}; this is a defect of the guardrail, please report it`;
  return { resource: control.id, what: 'control-failed', why, touchesAdminPort: true };
}
