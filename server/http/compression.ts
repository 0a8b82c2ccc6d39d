/** `Accept-Encoding` (RFC 9110 12.5.3), for the codings that we have. */

export type ContentCoding = 'xpress' | 'gzip' | 'identity';

/** Of codings that the peer likes equally well, the first is taken: only update agents name xpress, and WSUS gives it. */
const PREFERENCE = ['xpress', 'gzip'] as const;

/**
 * The coding for an answer: the one of ours that the peer ranks highest. `*` speaks for gzip alone, since xpress is
 * known to none but who names it; nothing said means identity: update agents ask for what they want. Where the peer
 * refuses all that we have, identity: an answer is better than none, and the RFC allows it.
 */
export function chooseCoding(acceptEncoding: string | undefined): ContentCoding {
  const qualities = qualitiesOf(acceptEncoding ?? '');
  const qualityOf = (coding: 'xpress' | 'gzip'): number =>
    coding === 'xpress'
      ? (qualities.get('xpress') ?? 0)
      : (qualities.get('gzip') ?? qualities.get('x-gzip') ?? qualities.get('*') ?? 0);
  let chosen: ContentCoding = 'identity';
  // Identity that is not named is not asked for: any coding that is accepted goes before it.
  let best = qualities.get('identity') ?? 0;
  for (const coding of PREFERENCE) {
    const quality = qualityOf(coding);
    if (quality > 0 && (quality > best || (quality === best && chosen === 'identity'))) {
      chosen = coding;
      best = quality;
    }
  }
  return chosen;
}

const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** By coding, in lower case. What is malformed is left out; of a coding named twice, the first counts. */
function qualitiesOf(acceptEncoding: string): ReadonlyMap<string, number> {
  const qualities = new Map<string, number>();
  for (const item of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', weight, ...more] = item.split(';').map((part) => part.trim());
    const quality = weight === undefined ? '1' : WEIGHT.exec(weight)?.[1];
    if (coding === '' || quality === undefined || more.length > 0 || qualities.has(coding)) continue;
    qualities.set(coding, Number(quality));
  }
  return qualities;
}
