/** Anchors are the upstream server's own, kept and sent back as they came; they are still only so long. */
import { UpstreamError } from './upstream-error.ts';

/** Characters; WSUS's have some forty. */
const LONGEST_ANCHOR = 1_000;

/** @throws UpstreamError where there is none, or one that nobody would keep */
export function toldAnchor(operation: string, anchor: string | undefined): string {
  if (anchor === undefined)
    throw new UpstreamError('response', `The upstream server answered ${operation} without an anchor.`);
  if (anchor.length > LONGEST_ANCHOR) {
    throw new UpstreamError(
      'response',
      `The upstream server answered ${operation} with an anchor of ${anchor.length} characters; no more than ${LONGEST_ANCHOR} are kept.`,
    );
  }
  return anchor;
}
