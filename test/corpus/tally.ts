// What examining the corpus came to, counted.
import type { CorpusGroup } from './estate';
import type { GroupReport } from './groups';
import type { TopologyReport } from './topologies';

export interface Tally {
  readonly 'security groups': number;
  readonly 'groups without a verdict': number;
  readonly 'groups with issues': number;
  readonly 'groups whose gaps are not their issues': number;
  readonly 'groups with unknown tags before an admin port': number;
  readonly networks: number;
  readonly 'places in networks': number;
  readonly 'packets judged': number;
  readonly 'packets on which the evaluator disagrees': number;
}

export function tally(
  groups: readonly CorpusGroup[],
  reports: readonly GroupReport[],
  topologies: readonly TopologyReport[],
): Tally {
  const all = [...reports, ...topologies];
  return {
    'security groups': groups.length,
    'groups without a verdict': reports.filter(({ hasVerdict }) => !hasVerdict).length,
    'groups with issues': groups.filter(({ issues }) => issues.length > 0).length,
    'groups whose gaps are not their issues': groups.filter(
      ({ issues }, at) => issues.toSorted().join() !== reports[at]?.gaps.toSorted().join(),
    ).length,
    'groups with unknown tags before an admin port': reports.filter(({ unknownTags }) => unknownTags.length > 0).length,
    networks: topologies.length,
    'places in networks': sum(topologies.map(({ endpoints }) => endpoints)),
    'packets judged': sum(all.map(({ packets }) => packets)),
    'packets on which the evaluator disagrees': sum(all.map(({ disagreements }) => disagreements.length)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
