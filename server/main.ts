/** `sluice serve`: the command line's entry to the server process. */
import { explanationOf } from '../config/error-facts.ts';
import { hostAndPort } from '../config/host-and-port.ts';
import { Command } from 'commander';
import { ConfigError, loadConfig } from '../config/load.ts';
import { startServer } from './server.ts';
import type { Listening, RunningServer } from './server.ts';

/** Exit statuses of sysexits.h. */
const EXIT_FAILURE = 1;
const EXIT_CONFIG = 78;

async function serve(options: { config?: string }): Promise<void> {
  // Whatever is written from here on is for this account alone.
  process.umask(0o077);
  const config = loadConfig({ file: options.config, env: process.env });
  const server = await startServer(config);
  closeOnSignal(server);
  tellTerminal(server);
  process.send?.({ type: 'ready', listening: server.listening });
}

function closeOnSignal(server: RunningServer): void {
  let isClosing = false;
  const close = (): void => {
    if (isClosing) return;
    isClosing = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  // A parent over IPC that is gone wants nothing more.
  process.on('disconnect', close);
}

/** On standard output and nowhere else: the password is in no log. */
function tellTerminal({ listening, firstPassword }: RunningServer): void {
  const lines = listening
    .filter(({ role }) => role === 'console')
    .map(({ ...at }) => `Console: ${urlOf(at)}`);
  if (firstPassword !== undefined) {
    lines.push('Sign in as admin with this password, which is shown only now and to be changed at once:');
    lines.push(`    ${firstPassword}`);
  }
  if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

function urlOf({ protocol, address, port }: Listening): string {
  const isEverywhere = address === '::' || address === '0.0.0.0';
  return `${protocol}://${hostAndPort(isEverywhere ? 'localhost' : address, port)}/`;
}

function fail(error: unknown): void {
  process.stderr.write(`sluice: ${explanationOf(error)}\n`);
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILURE);
}

const program = new Command('sluice').description('An on-prem Windows update relay.');
program
  .command('serve', { isDefault: true })
  .description(
    'Serve update clients, downstream servers and the console, and synchronize from the upstream server.',
  )
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .action(serve);

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
