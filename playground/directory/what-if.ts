// POST /identity/conditionalAccess/evaluate: which policies a sign-in would meet, and why the others not.
import { at, isObject, textAt } from '../azure/json';
import { showPolicy } from './conditional-access-policy';
import type { GraphAnswer, GraphCall } from './graph-call';
import { contextUrl } from './graph-call';
import { badRequest } from './graph-error';
import { transitiveMemberOf } from './membership';
import type { SignIn } from './policy-match';
import { reasonOf } from './policy-match';
import { find } from './state';

const CONTEXTS = [
  '#microsoft.graph.applicationcontext',
  '#microsoft.graph.useractioncontext',
  '#microsoft.graph.authcontext',
];

function signInOf(call: GraphCall): SignIn {
  const identity = at(call.body, 'signInIdentity');
  const context = at(call.body, 'signInContext');
  const conditions = at(call.body, 'signInConditions');
  const id = textAt(identity, 'userId') ?? '';
  const user = find(call.state, 'users', id);
  if (!user) throw badRequest(`The user '${id}' of signInIdentity does not exist.`);
  const kind = textAt(context, '@odata.type')?.toLowerCase() ?? '';
  if (!isObject(context) || !CONTEXTS.includes(kind)) {
    throw badRequest(
      "signInContext must be an applicationContext, a userActionContext or an authContext, by '@odata.type'.",
    );
  }
  const holders = transitiveMemberOf(call.state, user.id, call.now);
  return {
    user,
    context,
    conditions: isObject(conditions) ? conditions : {},
    groups: holders.filter(({ kind: each }) => each === 'group').map(({ entity }) => entity.id),
    roles: holders
      .filter(({ kind: each }) => each === 'directoryRole')
      .map(({ entity }) => textAt(entity, 'roleTemplateId') ?? entity.id),
  };
}

/** Every policy with whether it applies and the first reason why not; with `appliedPoliciesOnly` those that do. */
export function evaluate(call: GraphCall): GraphAnswer {
  const signIn = signInOf(call);
  const results = call.state.conditionalAccessPolicies.map((policy) => {
    const analysisReasons = reasonOf(call.state, policy, signIn);
    return { ...showPolicy(call.state, policy), policyApplies: analysisReasons === 'notSet', analysisReasons };
  });
  const value = call.body.appliedPoliciesOnly === true ? results.filter((each) => each.policyApplies) : results;
  const context = contextUrl(call, 'Collection(microsoft.graph.whatIfAnalysisResult)');
  return { status: 200, body: { '@odata.context': context, value } };
}
