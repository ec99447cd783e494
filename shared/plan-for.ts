/** The plan for what was seen, whichever kind of scope it is of. */
import type { Snapshot } from './ports';
import { planIdentityRepairs } from './remediation/identity-planner';
import type { Plan, PlanningInput } from './remediation/plan';
import { planRepairs } from './remediation/planner';

/** Plans what is to be done about the findings in `input`, which were found in the snapshot. */
export function planFor({ scope, network, identity, resources }: Snapshot, input: PlanningInput): Plan {
  return identity ? planIdentityRepairs({ ...input, identity }) : planRepairs({ ...input, network, resources, scope });
}
