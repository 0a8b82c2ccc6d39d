/** `sluice upstream check`: walks the way to the upstream server and prints which step fails and what to do. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openToRead } from '../../catalog/store/database/database.ts';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { readKnownAccount } from '../../sync/conversation/authorization.ts';
import type { Account, Introduction } from '../../sync/conversation/authorization.ts';
import type { Step } from '../../sync/diagnosis/step.ts';
import { checkUpstream } from '../../sync/diagnosis/upstream-check.ts';
import { EXIT } from './exit-status.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';
import type { ExitStatus } from './exit-status.ts';

export interface CheckOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/**
 * Changes nothing: the relay may be at work meanwhile.
 *
 * @param print one line at a time
 * @throws ConfigError, TrustAnchorError
 */
export async function check(
  { config: file, json = false }: CheckOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { dataDirectory, upstream } = loadConfig({ file, env: process.env });
  if (upstream === undefined) {
    throw new ConfigError([
      {
        source: file ?? 'configuration',
        path: 'upstream',
        found: 'nothing',
        accepted:
          'upstream.url and upstream.pins, or upstream: {} for Microsoft; name the file with --config FILE',
      },
    ]);
  }
  if (!json) print(`Upstream server ${upstream.url}`);
  const steps: Step[] = [];
  const tell = (step: Step): void => {
    steps.push(step);
    if (!json) print(line(step));
  };
  const options = {
    upstream,
    ...accountOf(dataDirectory, upstream),
    now: () => new Date(),
    signal: new AbortController().signal,
  };
  const ok = await checkUpstream(options, tell);
  if (json) print(jsonForTerminal({ upstream: upstream.url, ok, steps }));
  else print(verdict(ok, steps));
  return ok ? EXIT.ok : EXIT.failed;
}

const LONGEST_NAME = 'protocol-version'.length;

const line = ({ step, state, code, message }: Step): string =>
  `${state.padEnd(7)}  ${step.padEnd(LONGEST_NAME)}  ${code === undefined ? '' : `${code}: `}${forTerminal(message)}`;

function verdict(ok: boolean, steps: readonly Step[]): string {
  if (!ok) return 'The relay cannot synchronize from it.';
  const isLetIn = steps.some(({ step, state }) => step === 'authorization' && state === 'ok');
  return isLetIn
    ? 'The relay can synchronize from it.'
    : 'Nothing stands in the way so far. Whether it lets this relay in can be checked once the relay has been started.';
}

/** As the relay introduces itself; nothing before its first start, which makes its identifier. */
function accountOf(dataDirectory: string, introduction: Introduction): { readonly account?: Account } {
  const file = join(dataDirectory, 'sluice.db');
  if (!existsSync(file)) return {};
  const db = openToRead(file);
  try {
    const account = readKnownAccount(db, introduction);
    return account === undefined ? {} : { account };
  } finally {
    db.close();
  }
}
