/** Which certificates trust in an upstream server begins with. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { MICROSOFT_PIN, MICROSOFT_UPSTREAM } from '../../config/microsoft.ts';
import { pinOf } from '../../config/pin.ts';
import { Config } from '../../config/schema.ts';
import { closeAll, leaf, otherRoot, refusal, root, serve } from '../../scripts/testing/tls-upstream.ts';
import { keyWeakness, signatureWeakness } from '../../protocol/x509/strength.ts';
import { readTrustAnchors } from './trust-anchors.ts';

afterEach(closeAll);

const shipped = (): X509Certificate => {
  const [pem = ''] = readTrustAnchors({ url: MICROSOFT_UPSTREAM });
  return new X509Certificate(pem);
};

describe('The root that is shipped for Microsoft', () => {
  it('is the certificate that Microsoft publishes, by its fingerprint', () => {
    expect(readTrustAnchors({ url: MICROSOFT_UPSTREAM })).toHaveLength(1);
    expect(shipped().fingerprint256.replaceAll(':', '')).toBe(
      '847DF6A78497943F27FC72EB93F9A637320A02B561D0A91B09E87A7807ED7C61',
    );
    expect(shipped().fingerprint.replaceAll(':', '')).toBe('8F43288AD272F3103B6FB1428485EA3014C0BCFE');
    expect(shipped().subject).toContain('CN=Microsoft Root Certificate Authority 2011');
  });

  it('is an authority that signed itself, strong enough, and has the pin that is shipped', () => {
    expect(shipped().ca).toBe(true);
    expect(shipped().verify(shipped().publicKey)).toBe(true);
    expect([keyWeakness(shipped()), signatureWeakness(shipped())]).toEqual([undefined, undefined]);
    expect(pinOf(shipped())).toBe(MICROSOFT_PIN);
  });

  it("counts for Microsoft's servers alone, and for them nothing else does", () => {
    for (const url of ['https://fe2.update.microsoft.com', 'https://SWS.update.microsoft.com.:443/x'])
      expect(readTrustAnchors({ url })).toEqual([shipped().toString()]);
    for (const url of [
      'https://wsus.example.org:8531',
      'https://microsoft.com.example.org',
      'https://notmicrosoft.com',
    ])
      expect(readTrustAnchors({ url })).toBe(rootCertificates);
  });

  it('gives way to trust anchors that are configured', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'root.pem');
    writeFileSync(file, root.certificate);
    const given = readTrustAnchors({ url: MICROSOFT_UPSTREAM, trustAnchors: [file] });
    expect(given.map((pem) => new X509Certificate(pem).subject)).toEqual(['CN=Test Root']);
  });

  it('trusts no other authority that says to be Microsoft', async () => {
    const { upstream } = Config.parse({ upstream: {} });
    const server = await serve([leaf({ issuer: otherRoot, names: ['sws.update.microsoft.com'] })]);
    const anchors = [{ ...root, certificate: shipped().toString() }];
    expect(await refusal(server, { anchors, pins: upstream!.pins })).toMatchObject({ check: 'chain' });
  });
});
