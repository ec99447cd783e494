/** AccessPolicy: who may reach an admin port, and what the guardrail may do about it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isObject, type JsonObject, objectOf } from '../network/json';
import { keyOf } from '../network/network';
import { contradictionsIn } from './contradiction';
import { answeredFor, fieldsAt, idOfType, port, prefix } from './fields';
import { identitySection, signInWays } from './identity-section';
import { bastionSection, publicIpSection, topologySection } from './network-section';
import { type PolicyProblem, problemAt, problemsOf, unknownControls } from './problem';

export const MODES = ['off', 'report', 'approve', 'remediate'] as const;
export type Mode = (typeof MODES)[number];

const mode = z.enum(MODES);

const adminPort = z.strictObject({
  port: port.describe('The port'),
  protocol: z.enum(['tcp', 'udp']).default('tcp').describe('tcp or udp'),
  mode: z
    .enum(['enforce', 'report'])
    .default('enforce')
    .describe('enforce: as the mode of the control says; report: never repaired'),
});

const additionalSource = z.strictObject({
  sources: z
    .array(prefix)
    .min(1, 'name at least one address')
    .describe('Addresses, CIDRs or ranges (10.9.0.10-10.9.0.20), IPv4 and IPv6'),
  targets: z
    .array(z.string().min(1))
    .default(['*'])
    .describe('Where to: * or ids of machines, interfaces, subnets, networks or anything above them'),
  ports: z.array(port).min(1, 'name a port, or leave ports out').optional().describe('On which ports; absent: on all'),
  ...answeredFor,
});

/** How remedies are made, best first by default: what drifted is put back before anything else is tried. */
export const REMEDY_KINDS = ['revert', 'repair', 'contain'] as const;

const breaker = z.strictObject({
  repairsPerResourcePerHour: z
    .int()
    .min(1)
    .default(3)
    .describe(
      'After so many repairs of one resource in an hour somebody is fighting back: it is held, and people are told',
    ),
  writesPerTenMinutes: z.int().min(1).default(20).describe('After so many writes in ten minutes everything is held'),
});

/** The policy file's schema: everything has a default except what only the owner can know. */
export const policySchema = z.strictObject({
  version: z.literal(1).describe('The version of this format: 1'),
  bastionHosts: z
    .array(idOfType('bastionHosts'))
    .default([])
    .describe('Ids of the Bastion hosts that are trusted; without one nothing is ever written'),
  allowedSources: z
    .enum(['bastion', 'virtual-network'])
    .default('bastion')
    .describe(
      'Who may reach admin ports: bastion, only Bastion; virtual-network, any address of the virtual network as well',
    ),
  adminPorts: z
    .array(adminPort)
    .min(1, 'name at least one port')
    .default([
      { port: 22, protocol: 'tcp', mode: 'enforce' },
      { port: 3389, protocol: 'tcp', mode: 'enforce' },
      { port: 5985, protocol: 'tcp', mode: 'report' },
      { port: 5986, protocol: 'tcp', mode: 'report' },
    ])
    .describe('The ports that administer machines'),
  additionalSources: z
    .array(additionalSource)
    .default([])
    .describe('Who else may reach admin ports: privileged access management, scanners, automation'),
  topology: topologySection.prefault({}).describe('Hubs, spokes and the peerings between networks'),
  publicIps: publicIpSection.prefault({}).describe('Where public IPs may be'),
  bastion: bastionSection
    .prefault({})
    .describe('How Bastion itself is set; of what is not said nothing is judged, shareable links excepted'),
  signIn: signInWays.optional().describe('Short for identity.signIn, for whoever has no more to say about identity'),
  identity: identitySection.prefault({}).describe('The sign-in that stands before Bastion'),
  remedies: z
    .array(z.enum(REMEDY_KINDS))
    .min(1, 'name at least one kind; to repair nothing, set the mode of the control to report')
    .refine((kinds) => new Set(kinds).size === kinds.length, 'name each kind once')
    .default([...REMEDY_KINDS])
    .describe('The order in which remedies are tried; a kind that is left out is never used'),
  flushConnections: z
    .boolean()
    .default(false)
    .describe('Whether sessions that were opened before a repair are judged anew, where the region can do it'),
  baselineDays: z
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe('How many days an accepted state is kept after it was replaced'),
  controls: z
    .record(z.string(), mode)
    .default({})
    .describe('The mode of each control: off, report (where nothing is said), approve or remediate'),
  breaker: breaker.prefault({}).describe('When the guardrail stops writing by itself'),
});

export type PolicyData = z.infer<typeof policySchema>;

/** The validated policy. `hash` names it in every incident; ids in `bastionHosts` are keys (lower case). */
export interface AccessPolicy extends Readonly<PolicyData> {
  readonly hash: string;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: AccessPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/**
 * Validates parsed policy data (YAML or JSON already read) and reports every problem at once.
 * `knownControls` are the ids a mode may be set for, so that a misspelt control is an error and not a silent default.
 */
export function readPolicy(data: unknown, knownControls: readonly string[]): PolicyResult {
  const parsed = policySchema.safeParse(withLongNames(data));
  const problems = [
    ...saidTwice(data),
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, data, (path) => fieldsAt(policySchema, path))),
    ...unknownControls(data, knownControls),
    ...contradictionsBeside(parsed, withLongNames(data)),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, policy: withHash({ ...parsed.data, bastionHosts: parsed.data.bastionHosts.map(keyOf) }) };
}

/** `signIn` at the top is short for the same in the section on identity; a value that is not known is told where it stands. */
function withLongNames(data: unknown): unknown {
  if (!isObject(data) || !signInWays.safeParse(data.signIn).success) return data;
  const { signIn, ...rest } = data;
  return { ...rest, identity: { signIn, ...objectOf(data.identity) } };
}

function saidTwice(data: unknown): PolicyProblem[] {
  if (!isObject(data) || data.signIn === undefined) return [];
  const { signIn = data.signIn } = objectOf(data.identity);
  if (signIn === data.signIn) return [];
  return [{ path: 'signIn', message: `identity.signIn says otherwise: say it once`, at: ['signIn'] }];
}

type Parsed = ReturnType<typeof policySchema.safeParse>;
type Issue = NonNullable<Parsed['error']>['issues'][number];

/** Where a section is not valid, the others are still compared: so that one reading of the file shows everything. */
function contradictionsBeside(parsed: Parsed, data: unknown): PolicyProblem[] {
  if (!isObject(data)) return [];
  const broken = new Set((parsed.error?.issues ?? []).flatMap(sectionsOf));
  const beside = parsed.success ? parsed : policySchema.safeParse({ ...soundPart(data, broken), version: 1 });
  if (!beside.success) return [];
  // What the broken section would have said decides about these as well.
  const undecided = broken.has('identity') ? ['identity', 'controls'] : [];
  return contradictionsIn(beside.data, data)
    .filter(({ at }) => at[0] === 'controls' || !broken.has(String(at[0])))
    .filter(({ at }) => !undecided.includes(String(at[0])))
    .map(({ at, message }) => problemAt(at, message));
}

function soundPart(data: JsonObject, broken: ReadonlySet<string>): JsonObject {
  const sound = Object.entries(data).filter(([section]) => !broken.has(section));
  const controls = Object.entries(objectOf(data.controls)).filter(([, value]) => mode.safeParse(value).success);
  return { ...Object.fromEntries(sound), controls: Object.fromEntries(controls) };
}

function sectionsOf(issue: Issue): readonly string[] {
  const [section] = issue.path;
  if (section !== undefined) return [String(section)];
  return issue.code === 'unrecognized_keys' ? issue.keys : [];
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
