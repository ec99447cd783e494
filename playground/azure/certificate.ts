// A certificate authority that lives as long as the process, and one leaf certificate for the loopback names.
import type { KeyObject } from 'node:crypto';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bytes, der, oid, sequence, utcTime } from './der';

export interface LoopbackCertificate {
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

interface Party {
  readonly name: string;
  readonly publicKey: KeyObject;
}

const DAY = 24 * 3600 * 1000;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** RFC 5280, 4.2.1.2: the hash of the public point, which is the last 65 bytes of a P-256 key. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(spki(key).subarray(-65)).digest();
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, bytes(0xff))] : []), der(0x04, value));
}

/** Strict verifiers (Python 3.13 on) insist on both key identifiers. */
function keyIdentifiers(subject: Party, issuer: Party): Buffer[] {
  return [
    extension('2.5.29.14', false, der(0x04, keyIdentifier(subject.publicKey))),
    extension('2.5.29.35', false, sequence(der(0x80, keyIdentifier(issuer.publicKey)))),
  ];
}

function authorityExtensions(): Buffer[] {
  const isAuthority = sequence(der(0x01, bytes(0xff)));
  const signsCertificates = der(0x03, bytes(0x01, 0x06));
  return [extension('2.5.29.19', true, isAuthority), extension('2.5.29.15', true, signsCertificates)];
}

function leafExtensions(): Buffer[] {
  const loopback = [
    der(0x82, Buffer.from('localhost')),
    der(0x87, bytes(127, 0, 0, 1)),
    der(0x87, bytes(...Array.from({ length: 15 }, () => 0), 1)),
  ];
  return [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, der(0x03, bytes(0x07, 0x80))),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...loopback)),
  ];
}

function certificate(subject: Party, issuer: Party, issuerKey: KeyObject, extensions: readonly Buffer[]): string {
  const serial = Buffer.concat([bytes(0x01), randomBytes(15)]);
  const now = Date.now();
  const content = sequence(
    der(0xa0, der(0x02, bytes(2))),
    der(0x02, serial),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    sequence(utcTime(new Date(now - DAY)), utcTime(new Date(now + 365 * DAY))),
    distinguishedName(subject.name),
    spki(subject.publicKey),
    der(0xa3, sequence(...extensions, ...keyIdentifiers(subject, issuer))),
  );
  const signature = sign('sha256', content, issuerKey);
  const whole = sequence(content, ECDSA_WITH_SHA256, der(0x03, bytes(0), signature));
  const lines = whole
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** Makes both afresh; nothing is written to disk, and the authority's key is forgotten on return. */
export function loopbackCertificate(): LoopbackCertificate {
  const authorityKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leafKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority: Party = { name: 'Bastion Guardrail local CA', publicKey: authorityKeys.publicKey };
  const leaf: Party = { name: 'localhost', publicKey: leafKeys.publicKey };
  return {
    caPem: certificate(authority, authority, authorityKeys.privateKey, authorityExtensions()),
    certPem: certificate(leaf, authority, authorityKeys.privateKey, leafExtensions()),
    keyPem: leafKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
