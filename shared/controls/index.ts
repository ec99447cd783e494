/** The registry: one line per control. */
import { fingerprintOf } from '../fingerprint';
import { type Finding, severityRank } from '../finding';
import type { Identity } from '../identity/identity';
import type { Gap, Network, ResourceKey } from '../network/network';
import type { AccessPolicy } from '../policy/policy';
import type { Accepted } from './accepted';
import { adminPortsOnlyFromBastion } from './admin-ports-only-from-bastion';
import { activationRequiresContext } from './activation-requires-context';
import { activationSettingsMatch } from './activation-settings-match';
import { bastionHostHardened } from './bastion-host-hardened';
import { bastionNsgComplete } from './bastion-nsg-complete';
import { bastionReachesVms } from './bastion-reaches-vms';
import { bastionRoleExact } from './bastion-role-exact';
import { bastionRoleOnlyEligible } from './bastion-role-only-eligible';
import { bastionSubnetValid } from './bastion-subnet-valid';
import { contextPublished } from './context-published';
import { contextRequiresPhishingResistantMfa } from './context-requires-phishing-resistant-mfa';
import { exclusionsOnlyBreakGlass } from './exclusions-only-break-glass';
import { guardrailIsWatching } from './guardrail-is-watching';
import { inboundNatAvoidsAdminPorts } from './inbound-nat-avoids-admin-ports';
import { noStandingBypass } from './no-standing-bypass';
import { peeringOnlyApproved } from './peering-only-approved';
import { peeringSettingsMatch } from './peering-settings-match';
import { publicIpOnlyWhereApproved } from './public-ip-only-where-approved';
import { subnetHasNsg } from './subnet-has-nsg';
import { vmSignInWithEntra } from './vm-sign-in-with-entra';
import type { Checked, Control, IdentityControl, NetworkControl } from './control';

const NETWORK_CONTROLS: readonly NetworkControl[] = [
  adminPortsOnlyFromBastion,
  bastionReachesVms,
  publicIpOnlyWhereApproved,
  inboundNatAvoidsAdminPorts,
  peeringOnlyApproved,
  peeringSettingsMatch,
  subnetHasNsg,
  bastionNsgComplete,
  bastionSubnetValid,
  bastionHostHardened,
  guardrailIsWatching,
];

const IDENTITY_CONTROLS: readonly IdentityControl[] = [
  bastionRoleExact,
  bastionRoleOnlyEligible,
  activationRequiresContext,
  activationSettingsMatch,
  contextPublished,
  contextRequiresPhishingResistantMfa,
  exclusionsOnlyBreakGlass,
  noStandingBypass,
  vmSignInWithEntra,
];

export const CONTROLS: readonly Control[] = [...NETWORK_CONTROLS, ...IDENTITY_CONTROLS];

export const CONTROL_IDS: readonly string[] = CONTROLS.map((control) => control.id);

/** Checks every control on the network that is not switched off; findings come gravest first, gaps once each. */
export function evaluate(
  network: Network,
  policy: AccessPolicy,
  focus?: ReadonlySet<ResourceKey>,
  accepted?: Accepted,
): Checked {
  return joined(
    activeIn(NETWORK_CONTROLS, policy).map((control) =>
      safely(control, () => {
        const checked = control.check(network, policy, focus, accepted);
        if (!accepted || control.measuresDrift) return checked;
        const findings = checked.findings.filter(({ fingerprint }) => !accepted.fingerprints.has(fingerprint));
        return { ...checked, findings };
      }),
    ),
  );
}

/** The same for sign-in settings. */
export function evaluateIdentity(identity: Identity, policy: AccessPolicy, now: Date): Checked {
  return joined(
    activeIn(IDENTITY_CONTROLS, policy).map((control) => safely(control, () => control.check(identity, policy, now))),
  );
}

function activeIn<C extends Control>(controls: readonly C[], policy: AccessPolicy): readonly C[] {
  return controls.filter((control) => policy.controls[control.id] !== 'off');
}

function joined(checked: readonly Checked[]): Checked {
  return {
    findings: checked
      .flatMap((each) => each.findings)
      .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity)),
    gaps: checked.flatMap((each) => each.gaps),
    skipped: checked.flatMap((each) => each.skipped),
  };
}

/** A control that throws is a finding against that control: never a pass, and no reason to skip the others. */
function safely(control: Control, check: () => Checked): Checked {
  try {
    return check();
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
