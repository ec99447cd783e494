// The corpus in short form: a verdict for everything, the gaps it has, and an evaluator that agrees. Runs when the corpus is there.
import { describe, expect, test } from '@jest/globals';
import { findCorpus, readGroups, readTopologies } from './estate';
import { examineGroup } from './groups';
import { tally } from './tally';
import { examineTopology } from './topologies';

const corpus = findCorpus();
const whenThere = corpus === undefined ? describe.skip : describe;

whenThere('the corpus', () => {
  test('gets its verdicts and its gaps, and the packet-by-packet evaluator agrees', () => {
    const groups = readGroups(corpus ?? '');
    const reports = groups.map((group) => examineGroup(group, 40));
    const topologies = readTopologies(corpus ?? '').map((topology) => examineTopology(topology, 200));
    expect([...reports, ...topologies].flatMap(({ disagreements }) => disagreements)).toEqual([]);
    expect(tally(groups, reports, topologies)).toEqual({
      'security groups': 252,
      'groups without a verdict': 0,
      'groups with issues': 12,
      'groups whose gaps are not their issues': 0,
      'groups with unknown tags before an admin port': 5,
      networks: 14,
      'places in networks': 80,
      'packets judged': 11663,
      'packets on which the evaluator disagrees': 0,
    });
  });
});
