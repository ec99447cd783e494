/** Who the guardrail is: the function app's managed identity in Azure, the signed-in person (`az login`) elsewhere. */
import type { TokenCredential } from '@azure/identity';

/**
 * The credential for this process; tokens are cached by it.
 * `env` is read for the platform's own IDENTITY_ENDPOINT (set in Azure wherever there is a managed identity) and for
 * AZURE_CLIENT_ID, which names a user-assigned one.
 */
export async function guardrailCredential(env: Readonly<Record<string, string | undefined>>): Promise<TokenCredential> {
  // Loaded on first use: nothing else needs these packages to start.
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (!env.IDENTITY_ENDPOINT) return new DefaultAzureCredential();
  return env.AZURE_CLIENT_ID
    ? new ManagedIdentityCredential({ clientId: env.AZURE_CLIENT_ID })
    : new ManagedIdentityCredential();
}
