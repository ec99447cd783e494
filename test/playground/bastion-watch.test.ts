import { describe, expect, test } from '@jest/globals';
import { bastionWays } from '../../playground/stories/bastion-path';
import { watchBastion } from '../../playground/stories/bastion-watch';
import type { ObservedWrite } from '../../playground/wiretap';
import { change, hubAndSpoke, type Resource, rule, withRule } from '../estate';

const write: ObservedWrite = { at: 0, actor: 'somebody', byApp: false, method: 'PUT', path: '/x/nsg-app', status: 200 };
const ours: ObservedWrite = { ...write, byApp: true };
const shut = withRule(hubAndSpoke(), 'nsg-app', rule('deny', 110, { access: 'Deny', destinationPortRange: '3389' }));

function parted(): Resource[] {
  return change(hubAndSpoke(), 'vnet-hub', (properties, resource) => ({
    ...resource,
    properties: { ...properties, virtualNetworkPeerings: [] },
  }));
}

describe('the ways of Bastion, walked over ARM’s own state', () => {
  test('lead to every machine of the seed’s estate', () => {
    const names = [...bastionWays(hubAndSpoke())].map((way) => way.slice(way.lastIndexOf('/') + 1));
    expect(names.toSorted()).toEqual(
      ['nic-vm-app-1', 'nic-vm-app-2', 'nic-vm-data-1'].flatMap((nic) => [`${nic} 22`, `${nic} 3389`]),
    );
  });

  test('end at a deny, and where one end of the peering is gone', () => {
    expect(bastionWays(shut).size).toBe(4);
    expect(bastionWays(parted()).size).toBe(0);
  });
});

describe('the watch over a story', () => {
  test('says nothing while all is as it was', () => {
    const watch = watchBastion(hubAndSpoke());
    watch.afterWrite(ours, hubAndSpoke());
    expect([watch.asked(), watch.wrongs()]).toEqual([1, []]);
  });

  test('lets a person take a way, if it is back at the end', () => {
    const watch = watchBastion(hubAndSpoke());
    watch.afterWrite(write, shut);
    watch.afterWrite(ours, hubAndSpoke());
    expect(watch.wrongs()).toEqual([]);
  });

  test('tells of a way that is not back', () => {
    const watch = watchBastion(hubAndSpoke());
    watch.afterWrite(write, shut);
    expect(watch.wrongs()).toEqual(['nic-vm-app-1:3389 is not back', 'nic-vm-app-2:3389 is not back']);
  });

  test('tells of every way that a write of the guardrail takes, even if a later one gives it back', () => {
    const watch = watchBastion(hubAndSpoke());
    watch.afterWrite(ours, shut);
    watch.afterWrite(ours, hubAndSpoke());
    expect(watch.wrongs()).toEqual([
      'PUT /x/nsg-app (200) took nic-vm-app-1:3389',
      'PUT /x/nsg-app (200) took nic-vm-app-2:3389',
    ]);
  });
});
