/** Whether two ids speak of the same part of Microsoft.Authorization, where PIM gives things a name of their own each time. */

const FAMILIES: readonly RegExp[] = [
  /^rolemanagementpolic(?:ies|yassignments)$/,
  /^roleassignment(?:s|schedules|scheduleinstances|schedulerequests)$/,
  /^roleeligibilityschedule(?:s|instances|requests)$/,
];
const PARTS = /^(.*)\/providers\/microsoft\.authorization\/([^/]+)\/[^/]+$/;

/**
 * True for settings of roles at the same scope, and likewise for active and for eligible assignments. Settings get another
 * name with every write, and a request another one than the assignment it makes: by the name alone an event would be about
 * nothing that can be found. Both keys in lower case.
 */
export function isSameSetting(key: string, other: string): boolean {
  const [one, two] = [PARTS.exec(key), PARTS.exec(other)];
  if (!one || !two || one[1] !== two[1]) return false;
  return FAMILIES.some((family) => family.test(one[2] ?? '') && family.test(two[2] ?? ''));
}
