// A network security group out of rule clusters: adjacent or scattered priorities, the list in any order, default rules given or not.
import type { Arbitrary } from 'fast-check';
import type { SecurityGroupResource, SecurityRuleResource } from '../arm';
import type { RuleSketch, Spelling } from '../sketch';
import * as fc from 'fast-check';
import { networkId } from '../estate/address-plan';
import { arbitraryCluster } from './cluster';
import { arbitrarySpelling } from './rule';
import { wrapGroup } from '../estate/arm-group';
import { writeRule } from '../sketch';

interface GroupBlueprint {
  readonly clusters: readonly (readonly RuleSketch[])[];
  readonly spellings: readonly Spelling[];
  readonly start: number;
  readonly gaps: readonly number[];
  readonly isReversed: boolean;
  readonly listsDefaults: boolean;
}

/** A group named `name`, with at most `clusters` groups of rules in it. Priorities are unique per direction and within 100–4096. */
export function arbitraryNsg(name = 'nsg-alone', clusters = 6): Arbitrary<SecurityGroupResource> {
  return fc
    .record<GroupBlueprint>({
      clusters: fc.array(arbitraryCluster, { maxLength: clusters, size: 'medium' }),
      spellings: fc.array(arbitrarySpelling, { minLength: 1, maxLength: 4 }),
      start: fc.constantFrom(100, 101, 994, 1000, 3900),
      gaps: fc.array(fc.constantFrom(1, 1, 1, 2, 7), { minLength: 1, maxLength: 5 }),
      isReversed: fc.boolean(),
      listsDefaults: fc.boolean(),
    })
    .map((blueprint) => buildGroup(name, blueprint));
}

function buildGroup(name: string, blueprint: GroupBlueprint): SecurityGroupResource {
  const id = networkId('networkSecurityGroups', name);
  // One count per direction: ARM lets an inbound and an outbound rule share a priority.
  const next = { Inbound: blueprint.start, Outbound: blueprint.start };
  const rules = blueprint.clusters.flat().map((rule, at): SecurityRuleResource => {
    const spelling = blueprint.spellings[at % blueprint.spellings.length];
    const written = writeRule(id, `rule-${at}`, next[rule.direction], rule, spelling);
    next[rule.direction] += blueprint.gaps[at % blueprint.gaps.length] ?? 1;
    return written;
  });
  return wrapGroup(name, blueprint.isReversed ? rules.toReversed() : rules, blueprint.listsDefaults);
}
