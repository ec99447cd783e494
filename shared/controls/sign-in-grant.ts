/** What a Conditional Access policy asks of a sign-in: the built-in strength by id and content, and nothing instead of it. */
import type { Discrepancy } from '../finding';
import { type ConditionalAccessPolicy, type Identity, objectIdOf } from '../identity/identity';
import { type JsonObject, listOf, objectOf, textOf } from '../network/json';
import { bounded, listed } from './identity-words';
import { PHISHING_RESISTANT, PHISHING_RESISTANT_METHODS, WANTED_GRANT } from './sign-in-policy-body';
import type { Shortcoming } from './sign-in-shortcomings';

export function grantShortcomings({ grantControls }: ConditionalAccessPolicy, identity: Identity): Shortcoming[] {
  const grant = objectOf(grantControls);
  const strength = objectOf(grant.authenticationStrength);
  const id = textOf(strength.id);
  const name = textOf(strength.displayName);
  const changes = { grantControls: repaired(grant) };
  const lacks = (setting: string, wanted: string, found: string, mended = true): Shortcoming => {
    const discrepancy: Discrepancy = { setting, wanted, found: found.slice(0, 200) };
    return { aspect: setting, severity: 'critical', discrepancy, ...(mended && { changes }) };
  };
  const builtIn = textsOf(grant.builtInControls);
  const alternatives = [...builtIn, ...textsOf(grant.customAuthenticationFactors), ...textsOf(grant.termsOfUse)];
  const shortcomings: Shortcoming[] = [];
  const wanted = `the built-in strength ${PHISHING_RESISTANT}`;
  if (id === undefined || objectIdOf(id) !== PHISHING_RESISTANT) {
    const weak = notResistant([...textsOf(strength.allowedCombinations), ...takenBy(identity, id)]);
    const takes = weak.length === 0 ? '' : ` (which takes ${listed(weak, 3)})`;
    const found = id === undefined ? 'no strength' : `${name === undefined ? '' : `'${bounded(name)}' `}${id}${takes}`;
    shortcomings.push(lacks('authentication strength', wanted, found));
  } else {
    const weak = weakMethods(strength, identity);
    if (weak.length > 0) {
      shortcomings.push(
        lacks('methods of the strength', PHISHING_RESISTANT_METHODS.join(', '), weak.join(', '), false),
      );
    }
  }
  if (builtIn.includes('block')) shortcomings.push(lacks('grant', 'allowed with the strength', 'blocked'));
  else if (grant.operator !== 'AND' && alternatives.length > 0) {
    shortcomings.push(lacks('alternatives to the strength', 'none', `or ${alternatives.join(', or ')}`));
  }
  return shortcomings;
}

/** What else is asked on top of the strength is stricter, and stays. */
function repaired(grant: JsonObject): JsonObject {
  if (grant.operator !== 'AND') return WANTED_GRANT;
  const builtInControls = textsOf(grant.builtInControls).filter((each) => each !== 'mfa' && each !== 'block');
  const { customAuthenticationFactors = [], termsOfUse = [] } = grant;
  return { ...WANTED_GRANT, operator: 'AND', builtInControls, customAuthenticationFactors, termsOfUse };
}

/** What the strength lets through besides phishing-resistant methods, by the copy in the policy and by the strength itself. */
function weakMethods(copy: JsonObject, { strengths }: Identity): string[] {
  const strength = strengths.get(PHISHING_RESISTANT);
  const methods = [...textsOf(copy.allowedCombinations), ...(strength?.allowedCombinations ?? [])];
  const weak = notResistant(methods);
  const isForeign = strength?.isBuiltIn === false || textOf(copy.policyType) === 'custom';
  return [...new Set([...weak, ...(isForeign ? ['not built in'] : [])])].toSorted();
}

function takenBy({ strengths }: Identity, id: string | undefined): readonly string[] {
  return (id === undefined ? undefined : strengths.get(objectIdOf(id)))?.allowedCombinations ?? [];
}

function notResistant(methods: readonly string[]): string[] {
  return [...new Set(methods.filter((method) => !PHISHING_RESISTANT_METHODS.includes(method)))].toSorted();
}

function textsOf(list: unknown): string[] {
  return listOf(list).flatMap((each) => (typeof each === 'string' ? [each] : []));
}
