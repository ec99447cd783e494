/** A finding: one cause, the evidence for it, and what could be done about it. */
import type { Action } from './action';
import type { Decision } from './network/decision';
import type { ResourceKey } from './network/network';
import type { Door } from './network/door';

export type Severity = 'critical' | 'high' | 'medium' | 'low';

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** What one cause lets through to one endpoint on one port. */
export interface Exposure {
  /** Resource id of the interface's IP configuration or of the subnet. */
  readonly endpoint: string;
  /** The virtual machine's name, or the subnet's. */
  readonly endpointName: string;
  /** The endpoint's address, or for a subnet the addresses concerned. */
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Whether the policy only wants this port reported. */
  readonly reportOnly: boolean;
  /** Shortest sorted list of CIDRs: let through by rules, less the allowed sources and the platform's addresses. */
  readonly sources: readonly string[];
  /** The part of `sources` for which a door is open. */
  readonly reachable: readonly string[];
  readonly decidedBy: readonly Decision[];
  readonly doors: readonly Door[];
}

/** One packet that gets through, as proof a person can check. */
export interface Witness {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Readable steps, from the door to the endpoint. */
  readonly path: readonly string[];
}

/** A property that is not as the policy wants it, both in words. */
export interface Discrepancy {
  readonly setting: string;
  readonly wanted: string;
  readonly found: string;
}

export interface Evidence {
  readonly exposures: readonly Exposure[];
  readonly witness?: Witness;
  readonly discrepancies?: readonly Discrepancy[];
  /** Ways around the sign-in, each one sentence about a person and a machine. */
  readonly paths?: readonly string[];
  /** Ids of doors all of whose traffic the finding is about, whatever the port: a proof may close these. */
  readonly namedDoors?: readonly string[];
  /** Rules all of whose traffic the finding is about, whatever the port: a proof may take these away. */
  readonly namedRules?: readonly { readonly securityGroup: ResourceKey; readonly rule: string }[];
}

/** One way to end a finding: actions as data, applied by nobody here. */
export interface Remedy {
  readonly kind: 'revert' | 'repair' | 'contain';
  readonly title: string;
  readonly actions: readonly Action[];
  /** Why a person has to approve it even in mode `remediate`, unless the change that made us look made what it undoes. */
  readonly needsApproval?: string;
  /** Why only a person may do it. */
  readonly needsPerson?: string;
  /** That it does nothing but put back what was taken away: what that kept out then is named by its absence. */
  readonly putsBack?: true;
  /** That it gives a way back that Bastion needs: then what it makes reachable for Bastion is no gain of a stranger's. */
  readonly restoresBastion?: true;
}

export interface Finding {
  readonly control: string;
  /** Id of the resource that has to change, casing as read. */
  readonly resource: string;
  readonly severity: Severity;
  readonly title: string;
  /** The same for the same cause on the same resource, on every machine and at any time. */
  readonly fingerprint: string;
  readonly evidence: Evidence;
  /** Best first; empty when a person must decide. */
  readonly remedies: readonly Remedy[];
  /** Gaps this finding rests on: it may be reported but never repaired. */
  readonly restsOn: readonly string[];
}

/** How grave, as a number: 0 is the gravest. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
