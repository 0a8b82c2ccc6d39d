/**
 * Runs every part of the test suite in turn and adds up what they say. A static check counts as one test, a jest test
 * as itself. The last line printed is `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJestReport } from './jest-report.ts';
import type { Tally } from './jest-report.ts';

interface Part {
  readonly name: string;
  readonly says: string;
  readonly run: () => Promise<Tally>;
}

const NODE = process.execPath;
const bin = (path: string): string => join('node_modules', path);

/** Runs one command with its output on screen; answers its exit status, 1 where a signal ended it. */
function statusOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function check(...commands: readonly (readonly string[])[]): Promise<Tally> {
  for (const command of commands) {
    if ((await statusOf(command)) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  }
  return { passed: 1, failed: 0, skipped: 0 };
}

async function jest(project: 'unit' | 'e2e'): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const report = join(folder, 'report.json');
  try {
    const serial = project === 'e2e' ? ['--runInBand'] : ['--maxWorkers=2'];
    const status = await statusOf(
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        bin('jest/bin/jest.js'),
        '--selectProjects',
        project,
        ...serial,
        '--json',
        '--outputFile',
        report,
      ],
      // What tests leave in the temporary folder goes with this one.
      { NODE_ENV: 'test', TMPDIR: folder },
    );
    return readJestReport(report, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const FORMATTED = [
  '{config,protocol,catalog,sync,server,scripts,admin-ui}/**/*.{ts,tsx}',
  '!admin-ui/dist/**',
];

const PARTS: readonly Part[] = [
  {
    name: 'types',
    says: 'strict TypeScript holds, console included',
    run: () =>
      check(
        [bin('typescript/bin/tsc'), '-p', 'tsconfig.json'],
        [bin('typescript/bin/tsc'), '-p', 'admin-ui/tsconfig.json'],
      ),
  },
  {
    name: 'lint',
    says: 'no floating promise, no unsafe any',
    run: () => check([bin('oxlint/bin/oxlint'), '--type-aware', '--quiet']),
  },
  {
    name: 'arrows',
    says: 'imports between folders run one way',
    run: () =>
      check([
        bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'config',
        'protocol',
        'catalog',
        'sync',
        'server',
        'admin-ui/src',
        'scripts',
      ]),
  },
  {
    name: 'format',
    says: 'the code is formatted',
    run: () => check([bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', ...FORMATTED]),
  },
  { name: 'unit', says: 'each room keeps its promises', run: () => jest('unit') },
  { name: 'e2e', says: 'the whole works, browser included', run: () => jest('e2e') },
];

function chosenParts(args: readonly string[]): readonly Part[] {
  if (args.length === 0) return PARTS;
  const only = args[0] === '--only' ? PARTS.filter((part) => part.name === args[1]) : [];
  if (only.length === 0) {
    process.stderr.write(`test: use --only with one of ${PARTS.map((part) => part.name).join(', ')}.\n`);
    process.exit(2);
  }
  return only;
}

const total = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
if (!existsSync('../shared/protocol/samples')) {
  process.stdout.write(
    process.env['CI']
      ? 'The conformance samples (../shared/protocol/samples) are missing: in CI that is a failure.\n'
      : 'Conformance tests against ../shared/protocol/samples do NOT run: that folder is not here.\n',
  );
}
for (const part of chosenParts(process.argv.slice(2))) {
  process.stdout.write(`\n── ${part.name}: ${part.says}\n`);
  const tally = await part.run();
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
  summary.push(
    `${part.name.padEnd(7)} ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`,
  );
}
process.stdout.write(
  `\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`,
);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
