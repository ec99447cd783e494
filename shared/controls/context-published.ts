/** The authentication context that activations demand exists and can be used. */
import type { Identity } from '../identity/identity';
import type { AccessPolicy } from '../policy/policy';
import { activationPaths, asksOnActivation } from './bastion-role';
import type { Checked, IdentityControl } from './control';
import { checked, findingOf, repair } from './identity-finding';
import { isConditionalAccessUnread } from './sign-in-policy';

const ID = 'context-published';

export const contextPublished: IdentityControl = {
  kind: 'identity',
  id: ID,
  title: 'The authentication context is there and published',
  why: 'Activating the Bastion role demands an authentication context. While that is missing or not published, nothing connects the activation to the policy that asks for phishing-resistant MFA.',
  references: [
    'https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps#configure-authentication-contexts',
    'https://learn.microsoft.com/graph/api/resources/authenticationcontextclassreference',
  ],
  check,
};

function check(identity: Identity, policy: AccessPolicy): Checked {
  // Where nothing of Conditional Access was read, the control on its policies says so.
  if (!asksOnActivation(policy) || isConditionalAccessUnread(identity)) return checked([]);
  const { context } = policy.identity;
  const known = identity.contexts.get(context);
  if (known?.isAvailable) return checked([]);
  const found = known ? 'not published' : 'not there';
  const name = known?.name || 'Bastion';
  return checked([
    findingOf({
      control: ID,
      resource: `/identity/conditionalaccess/authenticationcontextclassreferences/${context}`,
      severity: 'high',
      title: `Authentication context ${context} is ${found}: nothing ties the activation of Bastion to a sign-in`,
      cause: [context],
      discrepancies: [{ setting: `authentication context ${context}`, wanted: 'published', found }],
      paths: activationPaths(identity, policy, `while context ${context} is ${found}`),
      remedies: [repair(`Publish authentication context ${context}`, [{ kind: 'publish-context', context, name }])],
    }),
  ]);
}
