/** Which ids of Microsoft.Authorization are about the same thing. */
import { describe, expect, test } from '@jest/globals';
import { isSameSetting } from '../../../shared/identity/same-setting';

const at = (scope: string, rest: string): string => `${scope}/providers/microsoft.authorization/${rest}`;
const app = '/subscriptions/s/resourcegroups/rg-app';

describe('what an event of Microsoft.Authorization is about', () => {
  test.each([
    ['settings under the name before and after a write', 'rolemanagementpolicies/a', 'rolemanagementpolicies/b'],
    ['a request and the assignment it makes', 'roleassignmentschedulerequests/a', 'roleassignmentscheduleinstances/b'],
    ['an assignment beside PIM and what PIM shows of it', 'roleassignments/a', 'roleassignmentschedules/b'],
    [
      'a request and the eligibility it makes',
      'roleeligibilityschedulerequests/a',
      'roleeligibilityscheduleinstances/b',
    ],
  ])('takes %s for the same', (_, one, other) => {
    expect(isSameSetting(at(app, one), at(app, other))).toBe(true);
  });

  test.each([
    ['another scope', at(app, 'rolemanagementpolicies/a'), at('/subscriptions/s', 'rolemanagementpolicies/a')],
    ['settings and an assignment', at(app, 'rolemanagementpolicies/a'), at(app, 'roleassignments/a')],
    ['active and eligible', at(app, 'roleassignments/a'), at(app, 'roleeligibilityschedules/a')],
    ['two definitions of roles', at(app, 'roledefinitions/a'), at(app, 'roledefinitions/b')],
    ['what is not Microsoft.Authorization', `${app}/providers/microsoft.network/x/a`, at(app, 'roleassignments/a')],
  ])('does not take %s for the same', (_, one, other) => {
    expect(isSameSetting(one, other)).toBe(false);
  });
});
