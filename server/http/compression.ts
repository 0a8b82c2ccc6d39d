/** `Accept-Encoding` (RFC 9110 12.5.3), for the codings that we have. */

/** Whether the peer takes gzip. Nothing said means no: update agents ask for what they want. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  let wildcard = false;
  for (const item of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    const isAccepted = Number(quality) > 0;
    if (coding === 'gzip' || coding === 'x-gzip') return isAccepted;
    if (coding === '*') wildcard = isAccepted;
  }
  return wildcard;
}
