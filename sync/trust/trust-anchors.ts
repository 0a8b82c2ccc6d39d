/** The certificates that trust begins with. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { isMicrosoft } from '../../config/microsoft.ts';
import type { Upstream } from '../../config/schema.ts';

/**
 * "Microsoft Root Certificate Authority 2011", valid until 2036-03-22, SHA-256
 * 847DF6A78497943F27FC72EB93F9A637320A02B561D0A91B09E87A7807ED7C61. No list of publicly trusted authorities has it.
 */
export const MICROSOFT_ROOT = fileURLToPath(new URL('microsoft-root-2011.pem', import.meta.url));

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
 * The configured ones; without any Microsoft's root for its servers, and for others the authorities that Node.js ships.
 *
 * @returns PEM, one certificate each
 * @throws TrustAnchorError
 */
export function readTrustAnchors({
  trustAnchors,
  url,
}: Pick<Upstream, 'url' | 'trustAnchors'>): readonly string[] {
  if (trustAnchors !== undefined) return trustAnchors.flatMap(readFile);
  return isMicrosoft(url) ? readFile(MICROSOFT_ROOT) : rootCertificates;
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
