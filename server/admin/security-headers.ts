/** What every answer of the console tells the browser not to allow. */
import type { RequestHandler } from 'express';
import type { Config } from '../../config/schema.ts';

/** Fluent's styles are made at run time, in style elements; everything else comes from this host. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const HSTS = 'max-age=31536000';

export function securityHeaders(config: Config): RequestHandler {
  const console = config.listeners.console;
  // A browser cannot be let past a warning under HSTS, and of our private authority it warns until that is trusted.
  const isPubliclyTrusted = console.every(
    ({ protocol, certificateFile }) => protocol === 'https' && certificateFile !== undefined,
  );
  return (_request, response, next) => {
    response.set({
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...(isPubliclyTrusted ? { 'Strict-Transport-Security': HSTS } : {}),
    });
    next();
  };
}
