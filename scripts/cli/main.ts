/** `sluice`: the command line for who runs a relay. */
import { createInterface } from 'node:readline/promises';
import { Command, CommanderError } from 'commander';
import { explanationOf } from '../../config/error-facts.ts';
import { ConfigError } from '../../config/load.ts';
import { auditExport, auditHeadCommand, auditVerify, formatOf, headOf, timeOf } from './audit.ts';
import type { AuditExportOptions, AuditHeadOptions, AuditVerifyOptions } from './audit.ts';
import { adopt } from './content-adopt.ts';
import type { AdoptOptions } from './content-adopt.ts';
import { paceOf, verify } from './content-verify.ts';
import type { VerifyOptions } from './content-verify.ts';
import { DEFAULT_PART_SIZE, exportCommand, partSizeOf, sinceOf } from './export.ts';
import type { ExportCommandOptions } from './export.ts';
import { importCommand } from './import.ts';
import type { ImportCommandOptions } from './import.ts';
import { check } from './upstream-check.ts';
import type { CheckOptions } from './upstream-check.ts';
import { EXIT } from './exit-status.ts';
import { linesForTerminal } from './terminal.ts';
import { pin } from './upstream-pin.ts';
import type { PinOptions } from './upstream-pin.ts';
import { UsageError } from './usage-error.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  process.stderr.write(`sluice: ${linesForTerminal(explanationOf(error))}\n`);
  if (error instanceof ConfigError) return EXIT.config;
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

const program = new Command('sluice')
  .description('An on-prem Windows update relay.')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });
const upstream = program.command('upstream').description('The upstream server, and the trust in it.');
upstream
  .command('check')
  .description('Walk the way to the upstream server step by step; say which step fails and what to do.')
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--json', 'one JSON object instead of lines')
  .addHelpText('after', '\nExit status: 0 no step failed, 1 one did, 64 wrong usage, 78 wrong configuration.')
  .action(async (options: CheckOptions) => {
    process.exitCode = await check(options, print);
  });
upstream
  .command('pin')
  .description("Show the server's chain; record the pin of an issuer once its fingerprint is typed or given.")
  .requiredOption('--config <file>', 'YAML file that the pin is recorded in; made where there is none')
  .option('--url <url>', 'the upstream server, where the file does not name it')
  .option('--trust-anchor <file...>', 'PEM of the authorities to trust, where the file does not name them')
  .option('--proxy <url>', 'HTTP CONNECT proxy, where the file does not name it')
  .option('--fingerprint <sha256/…>', 'the pin to record; left out: it is asked for')
  .addHelpText(
    'after',
    '\nExit status: 0 recorded or there already, 1 nothing recorded, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (options: PinOptions) => {
    process.exitCode = await pin(options, { print, ask: process.stdin.isTTY ? ask : undefined });
  });
const content = program.command('content').description('Content files: taking over, and checking again.');
content
  .command('adopt')
  .description(
    'Take over files of another server: what is right by size and digests, by hard link where it can be.',
  )
  .argument('<folder>', 'WsusContent of a WSUS, or another folder of that layout (XX/SHA1.ext)')
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--all', 'also what the catalogue knows and no approval needs')
  .option('--move', 'remove from the folder what was taken over')
  .option('--json', 'one JSON object instead of lines')
  .addHelpText(
    'after',
    '\nThe relay may be running. Exit status: 0 all that fits was taken over, 1 a file differs or failed, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (folder: string, options: AdoptOptions) => {
    process.exitCode = await adopt(folder, options, print);
  });
content
  .command('verify')
  .description(
    'Read all content on disk again; what is not what the metadata says is put away and fetched again.',
  )
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--pace <bytes per second>', 'how fast at most; left out: as fast as the disk is', paceOf)
  .option('--json', 'one JSON object instead of lines')
  .addHelpText(
    'after',
    '\nThe relay may be running. Exit status: 0 all is right, 1 a file differs or failed, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (options: VerifyOptions) => {
    process.exitCode = await verify(options, print);
  });
program
  .command('export')
  .description('Write a signed archive of updates, approvals and content for a relay that has no connection.')
  .argument('<folder or file>', 'where the disk is; or the name of the archive, which ends in .sluice')
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--since <time>', 'what came since 2026-11-30, or "last": since the last archive', sinceOf)
  .option('--no-content', 'without content files')
  .option('--metadata-only', 'without content files, groups and approvals')
  .option('--part-size <bytes>', 'of each file at most', partSizeOf, DEFAULT_PART_SIZE)
  .option('--json', 'one JSON object instead of lines')
  .addHelpText(
    'after',
    '\nThe relay may be running. Ended early, the same command goes on. Exit status: 0 all is in the archive, 1 it is not made, or content was left out, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (target: string, options: ExportCommandOptions) => {
    process.exitCode = await exportCommand(target, options, print);
  });
program
  .command('import')
  .description('Check and take in an archive that `sluice export` made, or an export.cab of WSUS.')
  .argument('<file>', 'the file that ends in .sluice, its parts beside it')
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--signer <sha256/…>', 'fingerprint that `sluice export` showed; left out: one that is recorded')
  .option('--remember', 'record the signer: later archives of it need no --signer')
  .option(
    '--with-decisions',
    'its groups, approvals, declines and accepted terms take the place of those here',
  )
  .option('--no-content', 'without content files')
  .option('--allow-older', 'also an archive that is older than what was taken in')
  .option('--allow-gap', 'also an archive whose predecessor was not taken in')
  .option('--sha256 <hex>', 'of an export.cab of WSUS, which is not signed')
  .option('--json', 'one JSON object instead of lines')
  .addHelpText(
    'after',
    '\nThe relay may be running. Ended early, the same command goes on. Exit status: 0 all was taken in, 1 the archive is refused or something of it was, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (file: string, options: ImportCommandOptions) => {
    process.exitCode = await importCommand(file, options, {
      print,
      ask: process.stdin.isTTY ? ask : undefined,
    });
  });

const audit = program.command('audit').description('The log of changes: whether it is as it was written.');
audit
  .command('verify')
  .description('Make every hash again; compare with the heads that were kept outside of the database.')
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--head <sequence:hash>', 'as `sluice audit head` showed it; may be given several times', headOf)
  .option('--json', 'one JSON object instead of lines')
  .addHelpText(
    'after',
    '\nThe relay may be running. Exit status: 0 the log is as it was written, 1 it is not, or could not be read, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (options: AuditVerifyOptions) => {
    process.exitCode = await auditVerify(options, print);
  });
audit
  .command('head')
  .description(
    'Where the log ends: a line to keep elsewhere, which later shows that nothing before it changed.',
  )
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--json', 'one JSON object, signed, instead of the line')
  .addHelpText(
    'after',
    '\nThe relay may be running. Exit status: 0 shown, 1 the log could not be read, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (options: AuditHeadOptions) => {
    process.exitCode = await auditHeadCommand(options, print);
  });
audit
  .command('export')
  .description('The log as a file, the oldest entry first.')
  .option('--config <file>', 'YAML file; config/sluice.sample.yaml documents every key')
  .option('--since <time>', 'from this time on, 2026-11-30 or 2026-11-30T18:00:00Z', timeOf)
  .option('--until <time>', 'before this time', timeOf)
  .option('--format <csv|jsonl>', 'JSON lines have all that hashes are made of', formatOf, 'jsonl')
  .option('--output <file>', 'a file that is not there yet; left out: standard output')
  .addHelpText(
    'after',
    '\nThe relay may be running. Exit status: 0 written, 1 it could not be, 64 wrong usage, 78 wrong configuration.',
  )
  .action(async (options: AuditExportOptions) => {
    process.exitCode = await auditExport(options, process.stdout);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
