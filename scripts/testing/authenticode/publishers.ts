/** Who signs files in tests: a root, an authority below it, and those that it certified. Made once in a process. */
import { X509Certificate } from 'node:crypto';
import { makeCertificate, makeEcKey } from '../certificates.ts';
import type { TestCertificate } from '../certificates.ts';

export const root = makeCertificate({ subject: 'Test Root', isAuthority: true });
export const authority = makeCertificate({
  subject: 'Test Authority',
  issuer: root,
  isAuthority: true,
  pathLength: 0,
});
export const publisher = makeCertificate({
  subject: 'Test Publisher',
  issuer: authority,
  usages: ['codeSigning'],
});
export const ecPublisher = makeCertificate({
  subject: 'Test EC Publisher',
  issuer: authority,
  usages: ['codeSigning'],
  key: makeEcKey(),
});
export const timeService = makeCertificate({
  subject: 'Test Time Service',
  issuer: root,
  usages: ['timeStamping'],
});

export const x509 = ({ certificate }: TestCertificate): X509Certificate => new X509Certificate(certificate);

/** As a configuration names them. */
export const roots: readonly X509Certificate[] = [x509(root)];
