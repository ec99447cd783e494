// The three authentication strengths that every tenant has and nobody can change.
import type { Entity } from './state';

/** Source: "Overview of Microsoft Entra authentication strength", built-in authentication strengths. */
const PHISHING_RESISTANT = ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'];
const PASSWORDLESS = [...PHISHING_RESISTANT, 'deviceBasedPush'];
const SECOND_FACTORS = ['softwareOath', 'hardwareOath', 'sms', 'voice'];

/** Every combination a strength may allow, as the enumeration of Graph spells them. */
export const COMBINATIONS: readonly string[] = [
  ...PASSWORDLESS,
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'password,microsoftAuthenticatorPush',
  'password,softwareOath',
  'password,hardwareOath',
  'password,x509CertificateSingleFactor',
  'password,x509CertificateMultiFactor',
  'password,sms',
  'password,voice',
  'federatedMultiFactor',
  'microsoftAuthenticatorPush,federatedSingleFactor',
  ...SECOND_FACTORS.map((factor) => `${factor},federatedSingleFactor`),
];

/** Single factors: allowed in a custom strength, which then satisfies nothing. */
export const SINGLE_FACTORS: readonly string[] = [
  'password',
  'sms',
  'x509CertificateSingleFactor',
  'federatedSingleFactor',
  'hardwareOath',
  'qrCodePin',
];

function builtIn(
  last: number,
  displayName: string,
  description: string,
  allowedCombinations: readonly string[],
): Entity {
  return {
    id: `00000000-0000-0000-0000-${String(last).padStart(12, '0')}`,
    createdDateTime: '2021-12-01T00:00:00Z',
    modifiedDateTime: '2021-12-01T00:00:00Z',
    displayName,
    description,
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations,
  };
}

export const BUILT_IN_STRENGTHS: readonly Entity[] = [
  builtIn(
    2,
    'Multifactor authentication',
    'Any combination of methods that makes strong authentication.',
    COMBINATIONS,
  ),
  builtIn(3, 'Passwordless MFA', 'Strong authentication without a password.', PASSWORDLESS),
  builtIn(4, 'Phishing resistant MFA', 'Strong authentication that cannot be relayed.', PHISHING_RESISTANT),
];
