import { describe, expect, test } from '@jest/globals';
import { overdueReviews } from '../../../shared/policy/review';
import { policyWith } from '../../estate';

const SUB = '/subscriptions/11111111-1111-4111-8111-111111111111';
const NETWORKS = `${SUB}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks`;
const due = { owner: 'kim', reviewBy: '2027-01-31' };

const policy = policyWith({
  additionalSources: [{ sources: ['10.0.0.1', '10.0.0.2'], ...due }],
  topology: { approvedPeerings: [{ networks: [`${NETWORKS}/vnet-a`, `${NETWORKS}/vnet-b`], ...due }] },
  publicIps: {
    approved: [{ id: `${SUB}/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip-mail`, ...due }],
  },
  identity: { allowedStanding: [{ principal: '88888888-8888-4888-8888-888888888888', scope: SUB, ...due }] },
});

describe('reviews of exceptions', () => {
  test.each([
    ['long before', '2026-03-01'],
    ['on the day itself', '2027-01-31'],
  ])('are not overdue %s', (_, today) => {
    expect(overdueReviews(policy, today)).toEqual([]);
  });

  test('are overdue from the day after, whatever the exception is for', () => {
    expect(overdueReviews(policy, '2027-02-01')).toEqual([
      { what: '10.0.0.1, 10.0.0.2', ...due },
      { what: 'the peering of vnet-a and vnet-b', ...due },
      { what: 'the public IP of pip-mail', ...due },
      { what: `the standing rights of 88888888-8888-4888-8888-888888888888 on ${SUB}`, ...due },
    ]);
  });
});
