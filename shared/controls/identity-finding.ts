/** How findings about sign-in settings are put together, so that each says only what is its own. */
import type { IdentityAction } from '../identity/action';
import type { Discrepancy, Finding, Remedy, Severity } from '../finding';
import { fingerprintOf } from '../fingerprint';
import type { Gap } from '../network/network';
import type { Checked } from './control';

export interface Deviation {
  readonly control: string;
  readonly resource: string;
  readonly severity: Severity;
  readonly title: string;
  /** What is wrong and on what, apart from how: it makes the fingerprint. */
  readonly cause: readonly string[];
  readonly discrepancies?: readonly Discrepancy[];
  readonly paths?: readonly string[];
  readonly remedies?: readonly Remedy[];
}

/** Sentences beyond this many say nothing new to whoever is woken up. */
const MOST_PATHS = 20;

export function findingOf(deviation: Deviation): Finding {
  const { control, resource, severity, title, cause, discrepancies = [], paths = [], remedies = [] } = deviation;
  const shown = paths.slice(0, MOST_PATHS);
  const more = paths.length - shown.length;
  return {
    control,
    resource,
    severity,
    title,
    fingerprint: fingerprintOf(control, ...cause.map((part) => part.toLowerCase())),
    evidence: {
      exposures: [],
      ...(discrepancies.length > 0 && { discrepancies }),
      ...(shown.length > 0 && { paths: more > 0 ? [...shown, `and ${more} more ways like these`] : shown }),
    },
    remedies,
    restsOn: [],
  };
}

/** The one way to restore a setting, or none where the reason says that only a person may. */
export function repair(
  title: string,
  actions: readonly IdentityAction[],
  reserved: { readonly needsApproval?: string; readonly needsPerson?: string } = {},
): Remedy {
  return { kind: 'repair', title, actions, ...reserved };
}

/** The result of a control about sign-in: nothing of it is ever platform-managed. */
export function checked(findings: readonly Finding[], gaps: readonly Gap[] = []): Checked {
  return { findings, gaps, skipped: [] };
}
