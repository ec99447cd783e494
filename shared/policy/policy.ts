/** AccessPolicy: who may reach an admin port, and what the guardrail may do about it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { keyOf } from '../network/network';
import { answeredFor, idOfType, port, prefix } from './fields';
import { identitySection } from './identity-section';
import { bastionSection, publicIpSection, topologySection } from './network-section';

export const MODES = ['off', 'report', 'approve', 'remediate'] as const;
export type Mode = (typeof MODES)[number];

const mode = z.enum(MODES);

const adminPort = z.strictObject({
  port,
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  mode: z.enum(['enforce', 'report']).default('enforce'),
});

const additionalSource = z.strictObject({
  sources: z.array(prefix).min(1),
  targets: z.array(z.string().min(1)).default(['*']),
  ports: z.array(port).min(1).optional(),
  ...answeredFor,
});

/** How remedies are made, best first by default: what drifted is put back before anything else is tried. */
export const REMEDY_KINDS = ['revert', 'repair', 'contain'] as const;

/** The policy file's schema: everything has a default except what only the owner can know. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  bastionHosts: z.array(idOfType('bastionHosts')).default([]),
  allowedSources: z.enum(['bastion', 'virtual-network']).default('bastion'),
  adminPorts: z
    .array(adminPort)
    .min(1)
    .default([
      { port: 22, protocol: 'tcp', mode: 'enforce' },
      { port: 3389, protocol: 'tcp', mode: 'enforce' },
      { port: 5985, protocol: 'tcp', mode: 'report' },
      { port: 5986, protocol: 'tcp', mode: 'report' },
    ]),
  additionalSources: z.array(additionalSource).default([]),
  topology: topologySection.prefault({}),
  publicIps: publicIpSection.prefault({}),
  bastion: bastionSection.prefault({}),
  identity: identitySection.prefault({}),
  /** The order in which remedies are tried; a kind that is left out is never used. */
  remedies: z
    .array(z.enum(REMEDY_KINDS))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'name each kind once')
    .default([...REMEDY_KINDS]),
  /** Whether connections that were opened before a repair are judged anew, where the region can do it. */
  flushConnections: z.boolean().default(false),
  /** How many days an accepted state is kept after it was replaced. */
  baselineDays: z.int().min(1).max(3650).default(90),
  controls: z.record(z.string(), mode).default({}),
  breaker: z
    .strictObject({
      repairsPerResourcePerHour: z.int().min(1).default(3),
      writesPerTenMinutes: z.int().min(1).default(20),
    })
    .default({ repairsPerResourcePerHour: 3, writesPerTenMinutes: 20 }),
});

type PolicyData = z.infer<typeof policySchema>;

/** The validated policy. `hash` names it in every incident; ids in `bastionHosts` are keys (lower case). */
export interface AccessPolicy extends Readonly<PolicyData> {
  readonly hash: string;
}

/** Where a policy is wrong: the place in the file and what to write instead. */
export interface PolicyProblem {
  readonly path: string;
  readonly message: string;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: AccessPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/**
 * Validates parsed policy data (YAML or JSON already read) and reports every problem at once.
 * `knownControls` are the ids a mode may be set for, so that a misspelt control is an error and not a silent default.
 */
export function readPolicy(data: unknown, knownControls: readonly string[]): PolicyResult {
  const parsed = policySchema.safeParse(data);
  const problems: PolicyProblem[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({
        path: issue.path.map(String).join('.') || '(the file)',
        message: issue.message,
      }));
  for (const name of controlNames(data)) {
    if (!knownControls.includes(name)) {
      problems.push({
        path: `controls.${name}`,
        message: `there is no such control; known: ${knownControls.join(', ')}`,
      });
    }
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, policy: withHash({ ...parsed.data, bastionHosts: parsed.data.bastionHosts.map(keyOf) }) };
}

function controlNames(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('controls' in data)) return [];
  const { controls } = data;
  return typeof controls === 'object' && controls !== null ? Object.keys(controls) : [];
}

function withHash(data: PolicyData): AccessPolicy {
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
  return { ...data, hash };
}

/** The policy in force when none is given: report everything, repair nothing. */
export function defaultPolicy(): AccessPolicy {
  return withHash(policySchema.parse({ version: 1 }));
}

/** The mode in force for a control: what the policy says (report if silent), never above the ceiling. */
export function modeOf(policy: AccessPolicy, control: string, ceiling: Mode): Mode {
  const wanted = policy.controls[control] ?? 'report';
  return MODES.indexOf(wanted) <= MODES.indexOf(ceiling) ? wanted : ceiling;
}
