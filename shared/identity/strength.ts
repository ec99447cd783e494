/** Whether what a Conditional Access policy asks for is phishing-resistant: judged by id and content, never by a name. */
import { type JsonObject, listOf, objectOf, textOf } from '../network/json';
import { type AuthenticationStrength, type Identity, objectIdOf } from './identity';
import { strengthIn } from './read-sign-in';

/** Microsoft's own strength: its content cannot be changed. */
export const PHISHING_RESISTANT_STRENGTH = '00000000-0000-0000-0000-000000000004';

/** https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths#built-in-authentication-strengths */
const METHODS: ReadonlySet<string> = new Set(['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor']);

export interface GrantReading {
  /** Undefined where none is asked for, or nothing is known of the one that is. */
  readonly strength?: AuthenticationStrength;
  readonly isPhishingResistant: boolean;
  /** What would do instead of the strength, under OR. */
  readonly alternatives: readonly string[];
  readonly blocks: boolean;
  /** A strength is asked for whose content was read nowhere. */
  readonly unreadStrength?: string;
}

/** Reads what a policy asks for before it grants access. An operator other than AND is read as OR. */
export function readGrant(identity: Identity, grant: JsonObject | null): GrantReading {
  const controls = objectOf(grant);
  const copy = objectOf(controls.authenticationStrength);
  const id = textOf(copy.id);
  const listed = id === undefined ? undefined : identity.strengths.get(objectIdOf(id));
  const own = listed && copy.policyType === undefined ? undefined : strengthIn(copy);
  const strength = listed ?? own;
  const builtIn = textsIn(controls.builtInControls);
  const others = [...builtIn, ...textsIn(controls.customAuthenticationFactors), ...textsIn(controls.termsOfUse)];
  // The copy in the policy and the strength itself have to agree: neither alone is taken on trust.
  const known = [listed, own].flatMap((each) => each ?? []);
  return {
    ...(strength && { strength }),
    isPhishingResistant: known.length > 0 && known.every(isPhishingResistant),
    alternatives: textOf(controls.operator)?.toUpperCase() === 'AND' ? [] : others,
    blocks: builtIn.some((control) => control.toLowerCase() === 'block'),
    ...(id !== undefined && !strength && { unreadStrength: id }),
  };
}

/** Whether it is the built-in strength with nothing in it but phishing-resistant methods. */
export function isPhishingResistant({ id, isBuiltIn, allowedCombinations }: AuthenticationStrength): boolean {
  const isStrong = allowedCombinations.length > 0 && allowedCombinations.every((method) => METHODS.has(method));
  return id === PHISHING_RESISTANT_STRENGTH && isBuiltIn && isStrong;
}

function textsIn(value: unknown): string[] {
  return listOf(value).flatMap((text) => textOf(text) ?? []);
}
