/** Whether the upstream server, once trusted, speaks the protocol and accepts this relay. */
import type { Upstream as UpstreamConfig } from '../../config/schema.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetAuthConfig, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { Authorization } from '../conversation/authorization.ts';
import type { Account } from '../conversation/authorization.ts';
import { Upstream } from '../conversation/upstream.ts';
import { toRunFailure } from '../failure.ts';
import { openUpstream } from '../upstream-client.ts';
import type { StepLog, StepName } from './step.ts';

export interface ServiceSteps {
  readonly upstream: UpstreamConfig;
  /** Left out: the relay has none before its first start, and is introduced to no server. */
  readonly account?: Account;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const VERSION_LATER = 'The service answers; the versions are compared only once the relay is authorized.';

/** Somebody waits for the answer. */
const withoutDelay = (): Promise<void> => Promise.resolve();

/** Asks what a synchronization asks first, over a connection of its own that makes every check again. */
export async function checkService(options: ServiceSteps, steps: StepLog): Promise<void> {
  const { upstream, account, now, signal } = options;
  await using connection = openUpstream({ upstream, signal, now, pause: withoutDelay });
  const { client } = connection;
  try {
    await client.call(serverSyncService, GetAuthConfig, {});
  } catch (error) {
    failVersion(error, options, steps);
    return;
  }
  if (account === undefined) {
    steps.skipped('protocol-version', VERSION_LATER);
    steps.skipped(
      'authorization',
      'The relay gets its identifier at its first start. Start it, and check again: one made up for this check would stay on the list of the upstream server.',
    );
    return;
  }
  try {
    const config = await new Upstream(client, new Authorization(client, account, now)).configData();
    const version = config.ProtocolVersion ?? 'which it does not name';
    steps.ok('protocol-version', `The server accepts this relay's version; its own is ${version}.`);
    steps.ok('authorization', `The server gave a cookie to "${account.name}" (${account.guid}).`);
  } catch (error) {
    if (error instanceof SoapFault && error.errorCode === 'IncompatibleProtocolVersion') {
      failVersion(error, options, steps);
      return;
    }
    steps.skipped('protocol-version', VERSION_LATER);
    fail('authorization', error, options, steps);
  }
}

function failVersion(error: unknown, options: ServiceSteps, steps: StepLog): void {
  fail('protocol-version', error, options, steps);
  steps.skipped('authorization', "Asked only of a service that answers and takes this relay's version.");
}

function fail(step: StepName, error: unknown, { account, signal }: ServiceSteps, steps: StepLog): void {
  signal.throwIfAborted();
  const failure = toRunFailure(error);
  const { check, detail } = failure;
  const refusal = error instanceof SoapFault ? detail?.reason : undefined;
  if (check === 'internal') throw error;
  const who =
    refusal === undefined || account === undefined
      ? ''
      : ` This relay introduces itself as "${account.name}" with the identifier ${account.guid}.`;
  const message = `${failure.message}${who}`;
  steps.failed(step, refusal ?? detail?.errorCode ?? check, message);
}
