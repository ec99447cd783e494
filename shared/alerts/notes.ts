/** What people should know beyond the findings: what may still be open, and what the alert does not claim. */
import type { Finding } from '../finding';
import { isSameSetting } from '../identity/same-setting';
import type { Incident } from '../incident';
import { keyOf } from '../network/network';

/** The notes that apply, each a sentence; `findings` are those the alert tells. */
export function notesOf(findings: readonly Finding[], { status, outcomes, held, cause, scope }: Incident): string[] {
  const written = outcomes.some((outcome) => outcome.status === 'applied');
  const notes: string[] = [];
  if (
    cause.kind === 'change' &&
    findings.length > 0 &&
    !findings.some((finding) => isAbout(finding, cause.change.resourceId))
  ) {
    notes.push(
      'The change named above is what made the guardrail look; it touched another resource than the findings name.',
    );
  }
  if (status === 'failed') notes.push('The finding is still there: what is shown here may be open now.');
  if (held.length > 0) notes.push('What is held back was not changed: it stays as shown until a person acts.');
  if (written && scope.kind === 'identity') {
    // https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation
    notes.push(
      'Whoever activated the role or signed in before the repair keeps that until it ends: disconnect their sessions at the Bastion host where in doubt. Azure may take hours to ask everybody anew.',
    );
  }
  if (written && scope.kind === 'network') {
    // https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
    notes.push(
      'Sessions that were opened before the repair may still be up: changing a security group does not cut connections that exist.',
    );
  }
  return notes;
}

function isAbout({ resource }: Finding, changed: string): boolean {
  const [found, touched] = [keyOf(resource), keyOf(changed)];
  return (
    found === touched ||
    isSameSetting(found, touched) ||
    touched.startsWith(`${found}/`) ||
    found.startsWith(`${touched}/`)
  );
}
