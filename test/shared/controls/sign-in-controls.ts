/** The identity controls as one, for tests that look at all of them; and repairs carried out on the model. */
import { activationRequiresContext } from '../../../shared/controls/activation-requires-context';
import { activationSettingsMatch } from '../../../shared/controls/activation-settings-match';
import { bastionRoleExact } from '../../../shared/controls/bastion-role-exact';
import { bastionRoleOnlyEligible } from '../../../shared/controls/bastion-role-only-eligible';
import { contextPublished } from '../../../shared/controls/context-published';
import { contextRequiresPhishingResistantMfa } from '../../../shared/controls/context-requires-phishing-resistant-mfa';
import type { Checked, IdentityControl } from '../../../shared/controls/control';
import { exclusionsOnlyBreakGlass } from '../../../shared/controls/exclusions-only-break-glass';
import { noStandingBypass } from '../../../shared/controls/no-standing-bypass';
import { vmSignInWithEntra } from '../../../shared/controls/vm-sign-in-with-entra';
import { isIdentityAction } from '../../../shared/action';
import { type Finding, type Remedy, severityRank } from '../../../shared/finding';
import { identityAfter } from '../../../shared/identity/after';
import type { Identity } from '../../../shared/identity/identity';
import type { AccessPolicy } from '../../../shared/policy/policy';
import { NOW } from '../../tenant';

export const SIGN_IN_CONTROLS: readonly IdentityControl[] = [
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

/** What all of them find, gravest first, as the registry orders it. */
export function checkSignIn(identity: Identity, policy: AccessPolicy): Checked {
  const each = SIGN_IN_CONTROLS.map((control) => control.check(identity, policy, NOW));
  return {
    findings: each
      .flatMap(({ findings }) => findings)
      .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity)),
    gaps: each.flatMap(({ gaps }) => gaps),
    skipped: each.flatMap(({ skipped }) => skipped),
  };
}

/** The identity once the remedy has been carried out. */
export function repaired(identity: Identity, { actions }: Remedy): Identity {
  return actions.filter(isIdentityAction).reduce(identityAfter, identity);
}

/** The first remedy that the guardrail may carry out: itself or, with `approved`, on a person's word. */
export function remedyOf({ remedies }: Finding, approved: boolean): Remedy | undefined {
  return remedies.find(
    ({ needsPerson, needsApproval }) => needsPerson === undefined && (approved || needsApproval === undefined),
  );
}

/** Repairs one finding after the other, each time looking again, until there is nothing left to do. */
export function settled(start: Identity, policy: AccessPolicy, approved: boolean): Identity {
  let identity = start;
  for (let round = 0; round < 40; round++) {
    const remedy = checkSignIn(identity, policy).findings.flatMap((each) => remedyOf(each, approved) ?? [])[0];
    if (!remedy) return identity;
    identity = repaired(identity, remedy);
  }
  throw new Error('forty repairs were not enough');
}
