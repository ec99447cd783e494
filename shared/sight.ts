/** Seeing a scope, and what to make of it when it cannot be seen. */
import type { Cause } from './incident';
import { EMPTY_NETWORK, type Gap } from './network/network';
import type { AccessPolicy } from './policy/policy';
import type { Ports, Snapshot } from './ports';
import { rootOf, type Scope } from './scope';
import { gapKey } from './told';

/**
 * Reads the scope; a sweep also asks what Event Grid gave up on. A scope that must not be read at all is a gap that
 * people are told of; passing trouble is left to the next try.
 */
export async function observe(
  ports: Ports,
  policy: AccessPolicy,
  scope: Scope,
  causes: readonly Cause[],
): Promise<Snapshot> {
  const [snapshot, lost] = await Promise.all([
    read(ports, policy, scope),
    asksForDeadLetters(causes) ? deadLetterGaps(ports) : [],
  ]);
  return lost.length === 0 ? snapshot : { ...snapshot, gaps: [...snapshot.gaps, ...lost] };
}

async function read(ports: Ports, policy: AccessPolicy, scope: Scope): Promise<Snapshot> {
  try {
    return await ports.tenant.observe(scope, policy.bastionHosts);
  } catch (error) {
    if (!isTerminal(error)) throw error;
    const resource = rootOf(scope);
    const gap: Gap = { resource, what: 'not-read', why: error.message, touchesAdminPort: true };
    return { scope, takenAt: ports.now(), network: EMPTY_NETWORK, gaps: [gap], resources: [] };
  }
}

function isTerminal(error: unknown): error is Error {
  return error instanceof Error && 'retryable' in error && error.retryable === false;
}

const DEAD_LETTERS = { resource: 'guardrail-dead-letters', what: 'dead-letters', touchesAdminPort: true };
const UNREAD_DEAD_LETTERS = { ...DEAD_LETTERS, what: 'dead-letters-not-read' };

function asksForDeadLetters(causes: readonly Cause[]): boolean {
  return causes.some((cause) => cause.kind === 'sweep');
}

/** Keys of the gaps that a look for these causes does not ask about: that it has not seen them says nothing. */
export function unaskedKeys(causes: readonly Cause[]): readonly string[] {
  return asksForDeadLetters(causes) ? [] : [gapKey(DEAD_LETTERS), gapKey(UNREAD_DEAD_LETTERS)];
}

/** A container that cannot be read is a gap as well: it must not keep anybody from looking at the network. */
async function deadLetterGaps(ports: Ports): Promise<Gap[]> {
  try {
    const { events, reasons } = await ports.deadLetters.count();
    if (events === 0) return [];
    const why = `Event Grid gave up on ${events} event${events === 1 ? '' : 's'} (${reasons.join('; ')}); this sweep has looked at everything they were about. Find out why the app did not answer, then empty the container.`;
    return [{ ...DEAD_LETTERS, why }];
  } catch (error) {
    const why = `what Event Grid gave up on could not be counted: ${error instanceof Error ? error.message : String(error)}. Check the right to read the container guardrail-dead-letters.`;
    return [{ ...UNREAD_DEAD_LETTERS, why }];
  }
}
