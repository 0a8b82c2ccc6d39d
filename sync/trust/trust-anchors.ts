/** The certificates that trust begins with. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

export class TrustAnchorError extends Error {
  readonly code = 'TRUST_ANCHORS_UNREADABLE';
  readonly check = 'chain';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrustAnchorError';
  }
}

/**
 * @param files PEM files of one or more certificates; left out: the authorities publicly trusted by Node.js
 * @returns PEM, one certificate each
 * @throws TrustAnchorError
 */
export function readTrustAnchors(files: readonly string[] | undefined): readonly string[] {
  return files === undefined ? rootCertificates : files.flatMap(readFile);
}

function readFile(file: string): string[] {
  try {
    const found = readFileSync(file, 'latin1').match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new TrustAnchorError(`${file} holds no certificate in PEM.`);
    return found.map((pem) => new X509Certificate(pem).toString());
  } catch (error) {
    if (error instanceof TrustAnchorError) throw error;
    throw new TrustAnchorError(
      `The trust anchor ${file} of upstream.trustAnchors cannot be read: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
}
