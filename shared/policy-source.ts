/** Where the policy comes from: a file beside the app, or a blob that the app's identity may read. */
import { readFile } from 'node:fs/promises';
import type { TokenCredential } from '@azure/identity';
import { CONTROL_IDS } from './controls';
import { parsePolicy } from './policy/parse';
import { type AccessPolicy, defaultPolicy } from './policy/policy';

/** The policy cannot be used; the message lists every problem. The guardrail refuses to start. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  constructor(
    readonly location: string,
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`the policy ${location} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, options);
  }
}

/**
 * Loads and validates the policy at `location`: a path, or the https URL of a blob. Without one, the default policy:
 * everything is reported, nothing repaired. Throws `PolicyError`.
 */
export async function loadPolicy(
  location: string | undefined,
  credential: () => Promise<TokenCredential>,
): Promise<AccessPolicy> {
  if (location === undefined) return defaultPolicy();
  const result = parsePolicy(await readText(location, credential), CONTROL_IDS);
  if (result.ok) return result.policy;
  throw new PolicyError(
    location,
    result.problems.map(({ path, message }) => `${path}: ${message}`),
  );
}

async function readText(location: string, credential: () => Promise<TokenCredential>): Promise<string> {
  try {
    if (!/^https:/i.test(location)) return await readFile(location, 'utf8');
    const { BlobClient } = await import('@azure/storage-blob');
    return (await new BlobClient(location, await credential()).downloadToBuffer()).toString('utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyError(location, [`it could not be read: ${why}; check GUARDRAIL_POLICY`], { cause });
  }
}
