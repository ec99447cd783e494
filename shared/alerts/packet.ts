/** The witness packet and the exposures of a finding, each in one line a person can check. */
import type { Exposure, Finding, Witness } from '../finding';
import { addressesOf, hasAddress, parseAddress, parsePrefix } from '../network/address';
import { keyOf, nameOf } from '../network/network';
import type { Decision } from '../network/decision';
import type { Door } from '../network/door';

/**
 * `203.0.113.7:49152 → vm-app-1 (10.1.0.4):3389/tcp, allowed by nsg-app/allow-rdp (priority 120), door pip-vm-app-1`;
 * before a door that forwards, what the sender addresses: `…, sent to 198.51.100.1:50001, door lb-app/ssh`;
 * undefined when the finding has no witness.
 */
export function packetLine(finding: Finding): string | undefined {
  const { witness, exposures } = finding.evidence;
  if (!witness || witness.source === '') return undefined;
  const exposure = exposures.find((candidate) => isOf(candidate, witness));
  const source = `${witness.source.includes(':') ? `[${witness.source}]` : witness.source}:${witness.sourcePort}`;
  const target = exposure ? `${exposure.endpointName} (${witnessAddress(exposure, witness)})` : witness.destination;
  const steps = [`${source} → ${target}:${witness.port}/${witness.protocol}`];
  if (!exposure) return steps.join(', ');
  steps.push(allowedBy(exposure.decidedBy));
  const door = doorFor(witness, exposure.doors);
  if (door?.frontend !== undefined) steps.push(`sent to ${frontendOf(door)}`);
  steps.push(door ? `door ${door.name}` : 'no open door');
  return steps.join(', ');
}

function isOf(exposure: Exposure, witness: Witness): boolean {
  if (exposure.port !== witness.port || exposure.protocol !== witness.protocol) return false;
  const wanted = keyOf(witness.destination);
  if ([exposure.endpoint, exposure.endpointName, exposure.address].some((known) => keyOf(known) === wanted))
    return true;
  const address = parseAddress(witness.destination);
  const prefixes = exposure.address.split(',').filter((text) => parsePrefix(text) !== undefined);
  return address !== undefined && hasAddress(addressesOf(...prefixes), address);
}

/** `198.51.100.1:50001`, which is what a person finds in a scanner's report. */
function frontendOf({ frontend = '', frontendPort }: Door): string {
  const host = frontend.includes(':') ? `[${frontend}]` : frontend;
  return frontendPort === undefined ? host : `${host}:${frontendPort}`;
}

/** For a subnet the packet's own destination says more than the whole prefix. */
function witnessAddress(exposure: Exposure, witness: Witness): string {
  return parseAddress(witness.destination) ? witness.destination : exposure.address;
}

function allowedBy(decisions: readonly Decision[]): string {
  const rules = decisions.flatMap(({ securityGroup, rule, priority }) =>
    securityGroup === null || rule === null ? [] : [`${nameOf(securityGroup)}/${rule} (priority ${priority ?? '?'})`],
  );
  return rules.length === 0 ? 'no security group stands in the way' : `allowed by ${[...new Set(rules)].join(' and ')}`;
}

/** The door the witness's own path names; without a path, the public address for a public source and an inner way otherwise. */
function doorFor({ source, path }: Witness, doors: readonly Door[]): Door | undefined {
  const named = doors.find((door) => path.includes(`door ${door.name}`));
  if (named || path.some((step) => step.startsWith('no open door'))) return named;
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd])/i.test(source);
  return doors.find((door) => (door.kind === 'public-ip') !== isPrivate) ?? doors[0];
}

/** `vm-app-1 (10.1.0.4):3389/tcp from 0.0.0.0/5, 8.0.0.0/7 and 14 more; open door: pip-vm-app-1`. */
export function exposureLine(exposure: Exposure): string {
  const { endpointName, address, port, protocol, sources, reachable, doors, reportOnly } = exposure;
  const open =
    reachable.length === 0 ? 'no open door' : `open door: ${doors.map((door) => door.name).join(', ') || 'yes'}`;
  const rest = sources.length - 3;
  const from = `${sources.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `${endpointName} (${address}):${port}/${protocol} from ${from}; ${open}${reportOnly ? '; this port is only reported' : ''}`;
}
