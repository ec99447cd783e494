/** The rules and settings that were written, each before and after. */
import type { Finding } from '../finding';
import type { Incident } from '../incident';
import { keyOf, nameOf } from '../network/network';
import { ruleLine } from './rule-line';

export interface RuleAlert {
  /** `nsg-app/allow-rdp`, or `nic-vm-app-1: publicIPAddress of ipconfig1`. */
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}

/** Every change of the incident, in the order it was written. */
export function rulesOf(findings: readonly Finding[], { outcomes }: Incident): RuleAlert[] {
  return outcomes.flatMap(({ resource, changes }) => {
    // An outcome names its group by key, in lower case; the finding has the name as people wrote it.
    const asRead = findings.find((finding) => keyOf(finding.resource).startsWith(resource))?.resource ?? resource;
    const group = signInSetting(resource) ?? nameOf(asRead.slice(0, resource.length));
    return changes.map((change) =>
      'setting' in change
        ? { rule: `${group}: ${change.setting}`, before: change.before, after: change.after }
        : {
            rule: `${group}/${nameOf(change.rule)}`,
            before: ruleLine(change.before) ?? '(no such rule)',
            after: ruleLine(change.after) ?? '(removed)',
          },
    );
  });
}

/** What a setting of the sign-in is called by people: its id ends with a GUID that says nothing. */
function signInSetting(resource: string): string | undefined {
  const name = nameOf(resource);
  if (/\/conditionalaccess\/policies\//i.test(resource)) return `Conditional Access policy ${name}`;
  if (/\/authenticationcontextclassreferences\//i.test(resource)) return `authentication context ${name}`;
  const [scope, role] = resource.split(/\/providers\/microsoft\.authorization\/rolemanagementpolicies\//i);
  return role === undefined ? undefined : `settings of role ${role} on ${nameOf(scope ?? '')}`;
}
