import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/testing/authenticode/publishers.ts';
import { ConfigError, loadConfig } from './load.ts';
import { SignatureRootError, readSignaturePolicy } from './signature-policy.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-config-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function policyOf(content: object): ReturnType<typeof readSignaturePolicy> {
  const file = join(folder, 'sluice.yaml');
  writeFileSync(file, JSON.stringify({ content }));
  return readSignaturePolicy(loadConfig({ file, env: {} }).content);
}

describe('The policy for signatures of content', () => {
  it('is to record them, where nothing is said', () => {
    expect(policyOf({})).toEqual({ isRequired: false, roots: [], acceptsSha1: false });
  });

  it('has the roots of files beside the configuration, as many as each holds', () => {
    mkdirSync(join(folder, 'roots'));
    writeFileSync(join(folder, 'roots', 'two.pem'), `${root.certificate}\n${root.certificate}`);
    const policy = policyOf({
      signatures: 'require',
      signatureRoots: ['roots/two.pem'],
      signatureSha1: 'accepted',
    });
    expect(policy).toMatchObject({ isRequired: true, acceptsSha1: true });
    expect(policy.roots.map(({ subject }) => subject)).toEqual(['CN=Test Root', 'CN=Test Root']);
  });

  it('cannot require them without roots, since nothing would be served', () => {
    expect(() => policyOf({ signatures: 'require' })).toThrow(ConfigError);
    expect(() => policyOf({ signatures: 'require' })).toThrow(/content\.signatureRoots.*require/);
  });

  it('says which file holds no certificate, or cannot be read', () => {
    expect(() => policyOf({ signatureRoots: ['nowhere.pem'] })).toThrow(/nowhere\.pem, which cannot be read/);
    writeFileSync(join(folder, 'text.pem'), 'no certificate');
    expect(() => policyOf({ signatureRoots: ['text.pem'] })).toThrow(SignatureRootError);
    writeFileSync(
      join(folder, 'damaged.pem'),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    );
    expect(() => policyOf({ signatureRoots: ['damaged.pem'] })).toThrow(/damaged\.pem.* is damaged/);
  });
});
