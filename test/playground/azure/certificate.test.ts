// The loopback certificate and its authority.
import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { loopbackCertificate } from '../../../playground/azure/certificate';

test('the leaf is issued by the authority, for the loopback names and nothing else', () => {
  const { caPem, certPem } = loopbackCertificate();
  const [authority, leaf] = [new X509Certificate(caPem), new X509Certificate(certPem)];
  expect(authority.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.checkIssued(authority)).toBe(true);
  expect(leaf.verify(authority.publicKey)).toBe(true);
  expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(leaf.checkHost('management.azure.com')).toBeUndefined();
});

test('every call makes its own authority', () => {
  expect(loopbackCertificate().caPem).not.toBe(loopbackCertificate().caPem);
});
