/** What the commands that go beyond files need from the world; loaded on first use, so that `check` of a file stays quick. */
import { userInfo } from 'node:os';
import type { Guardrail } from '../shared/compose';
import type { Tenant } from '../shared/ports';
import type { Environment } from '../shared/settings';

export interface Surroundings {
  /** The whole guardrail, as the function app has it. Throws with every problem of the settings and the policy. */
  readonly openGuardrail: (log: (line: string) => void) => Promise<Guardrail>;
  /** Azure alone, to look and not to touch: neither storage nor other settings are needed. */
  readonly openTenant: () => Promise<Tenant>;
  /** Who is in front of the terminal, as the operating system says. */
  readonly userName: () => string;
}

/** The real ones, as the environment says. */
export function surroundingsOf(env: Environment): Surroundings {
  return {
    userName: () => userInfo().username,
    async openGuardrail(log) {
      const { openGuardrail } = await import('../shared/compose');
      return openGuardrail(env, log);
    },
    async openTenant() {
      const [{ ARM_HOSTS, readEndpoint }, { guardrailCredential }, { azureTenant }, { readNetwork }] =
        await Promise.all([
          import('../shared/settings/address'),
          import('../shared/azure/credential'),
          import('../shared/azure/tenant'),
          import('../shared/network/read'),
        ]);
      const problems: string[] = [];
      const armEndpoint = readEndpoint(env, 'GUARDRAIL_ARM_ENDPOINT', ARM_HOSTS, problems);
      if (problems.length > 0) throw new Error(problems.join('; '));
      return azureTenant({
        armEndpoint,
        credential: () => guardrailCredential(env),
        readNetwork,
        now: () => new Date(),
      });
    },
  };
}
