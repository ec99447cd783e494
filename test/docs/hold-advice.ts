/** What each reason to hold a repair back means, and what a person does about it. docs/operate.md is written from it. */
import type { HoldReason } from '../../shared/remediation/plan';

export interface Advice {
  readonly means: string;
  readonly todo: string;
}

export const HOLD_ADVICE: Readonly<Record<HoldReason, Advice>> = {
  off: {
    means: 'the ceiling `GUARDRAIL_MODE` is `off`',
    todo: 'nothing, if it is meant; else raise the ceiling',
  },
  'report-only': {
    means:
      'the control’s mode is `report`, or it only ever reports (`no-standing-bypass`, `vm-sign-in-with-entra`, `guardrail-is-watching`), or the port’s is',
    todo: 'repair it yourself, say in the policy that it may be so, or raise the mode once you trust what it reports',
  },
  'needs-approval': {
    means: 'the control’s mode is `approve`, or the remedy is one that a person has to want (the detail says why)',
    todo: 'read the proof (`guardrail plan`), then `guardrail approve FINGERPRINT`',
  },
  standing: {
    means: 'it was there when the state was accepted, so it is no drift',
    todo: '`approve` repairs it; or repair it yourself; left alone it is told once',
  },
  'bastion-not-observed': {
    means:
      'the policy pins no host, or a pinned one, its subnet or the right to read it is not there; nothing is written in the network',
    todo: 'look at Bastion first; correct `bastionHosts` if it was rebuilt under another id',
  },
  'needs-a-person': {
    means: 'no remedy fits, or the one there is takes a decision that is not the guardrail’s (the detail says which)',
    todo: 'decide, and change it yourself; the next look sees it',
  },
  'not-proven': {
    means: 'every remedy was tried on the model, and each would break something (the detail says what)',
    todo: 'take away what stands in the way (other egress, a probe, a rule of your own), or repair by hand',
  },
  gap: {
    means: 'the proof would have read something that could not be read',
    todo: 'grant what the detail names ([permissions.md](permissions.md)), or wait for the next sweep if Azure was in trouble',
  },
  halted: {
    means: 'somebody called a halt; the detail says who and why',
    todo: '`guardrail resume`, when that is over',
  },
  'breaker-open': {
    means: 'the brake: this resource was repaired too often within an hour, or too much was written within ten minutes',
    todo: 'find out who or which pipeline puts it back; it opens by itself as the hour passes',
  },
  locked: {
    means: 'Azure refused every remedy: a lock, an Azure Policy, a deny assignment or a missing right',
    todo: 'lift it for as long as it takes, or repair by hand; the guardrail never removes a lock',
  },
};
