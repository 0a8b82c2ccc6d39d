import { X509Certificate } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeSignature } from '../../protocol/authenticode/judge.ts';
import type { SignaturePolicy, Verdict } from '../../protocol/authenticode/judge.ts';
import { EditedFile } from '../../scripts/testing/authenticode/edited-file.ts';
import { readSignature } from './read-signature.ts';

const samples = join(import.meta.dirname, '../../scripts/testing/authenticode/samples');
/** All their certificates are valid then. */
const at = new Date('2027-01-01T00:00:00Z');

const rootOf = async (): Promise<X509Certificate> =>
  new X509Certificate(await readFile(join(samples, 'root.pem')));

async function judge(name: string, policy: SignaturePolicy = {}, when = at): Promise<Verdict> {
  const file = await open(join(samples, name));
  try {
    return judgeSignature(await readSignature(file), [await rootOf()], when, policy);
  } finally {
    await file.close();
  }
}

describe('a file signed by osslsigncode', () => {
  it.each([
    ['sha1-and-nested-sha256.exe', 'sha256', 'Sluice Test Publisher', '2026-11-24T20:25:02.000Z'],
    ['ecdsa-sha384.exe', 'sha384', 'Sluice Test EC Publisher', undefined],
    ['page-hashes.exe', 'sha256', 'Sluice Test Publisher', undefined],
    ['timestamped.cab', 'sha256', 'Sluice Test Publisher', '2026-11-24T20:25:02.000Z'],
    ['timestamped.msi', 'sha256', 'Sluice Test Publisher', '2026-11-24T20:25:02.000Z'],
    ['names-signed.msi', 'sha256', 'Sluice Test Publisher', undefined],
  ])('is believed: %s', async (name, digestAlgorithm, signer, time) => {
    const verdict = await judge(name);
    expect(verdict).toMatchObject({
      trusted: true,
      signature: { digestAlgorithm, signer: { subject: `O=Sluice Tests, CN=${signer}` } },
    });
    expect(verdict.trusted && verdict.timestamp?.time.toISOString()).toBe(time);
  });

  it('is believed by SHA-1 where that is accepted', async () => {
    expect(await judge('sha1.exe')).toMatchObject({ trusted: false, code: 'WEAK_DIGEST' });
    expect(await judge('sha1.exe', { acceptsSha1: true })).toMatchObject({ trusted: true });
  });

  it('is believed for ever where it was timestamped', async () => {
    const later = new Date('2060-01-01T00:00:00Z');
    expect(await judge('timestamped.cab', {}, later)).toMatchObject({ trusted: true });
    expect(await judge('names-signed.msi', {}, later)).toMatchObject({ trusted: false, code: 'EXPIRED' });
  });

  it('is refused once a byte of its content is another', async () => {
    const edited = await EditedFile.create();
    try {
      for (const [name, part] of [
        ['page-hashes.exe', 'overlay.'],
        ['timestamped.cab', 'blob'],
        ['timestamped.msi', 'MSCF'],
      ] as const) {
        const bytes = await readFile(join(samples, name));
        const place = bytes.indexOf(part);
        bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
        const verdict = judgeSignature(await edited.read(bytes), [await rootOf()], at);
        expect({ name, verdict }).toMatchObject({ name, verdict: { code: 'DIGEST_MISMATCH' } });
      }
    } finally {
      await edited.remove();
    }
  });
});
