/** The guardrail of this process for the triggers: wired on first use, because most of a cold start would be reading it. */
import type { Guardrail } from './compose';

/** Opens it at the first call; the app is registered and answering long before. */
export async function getGuardrail(): Promise<Guardrail> {
  const { getGuardrail: open } = await import('./compose');
  return await open();
}
