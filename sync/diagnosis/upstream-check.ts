/** Walks the way to the upstream server and through the checks on it, and tells each step. */
import { readTrustAnchors } from '../trust/trust-anchors.ts';
import { reachUpstream } from './reach.ts';
import { checkService } from './service-steps.ts';
import type { ServiceSteps } from './service-steps.ts';
import { StepLog } from './step.ts';
import type { Step } from './step.ts';
import { checkCertificate } from './trust-steps.ts';

/**
 * Nothing is asked of the server before every check on its certificate is passed.
 *
 * @param tell called with each step, in their order, every one of them
 * @returns whether none failed
 * @throws TrustAnchorError, the signal's reason when aborted
 */
export async function checkUpstream(options: ServiceSteps, tell: (step: Step) => void): Promise<boolean> {
  const steps = new StepLog(tell);
  const { upstream, signal } = options;
  const trustAnchors = readTrustAnchors(upstream);
  const staple = upstream.tls.revocation !== 'off';
  const made = await reachUpstream({ upstream, trustAnchors, staple, signal }, steps);
  if (made !== undefined) {
    try {
      await checkCertificate(made, { ...options, trustAnchors }, steps);
    } finally {
      made.socket.destroy();
    }
  }
  if (!steps.hasFailed) await checkService(options, steps);
  steps.skipRest('An earlier step failed; nothing is asked of a server that was not reached and trusted.');
  return !steps.hasFailed;
}
