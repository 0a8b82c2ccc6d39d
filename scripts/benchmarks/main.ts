/** Runs one benchmark by name; its last line on standard output is one JSON object (see result.ts). */
import type { Benchmark } from './result.ts';
import { benchApprove } from './approve/approve.ts';
import { benchContent } from './content/content.ts';
import { benchReport } from './report/report.ts';
import { benchScanGrowth } from './scan-growth/scan-growth.ts';
import { benchScan } from './scan/scan.ts';
import { benchStart } from './start/start.ts';
import { benchSync } from './sync/sync.ts';

const BENCHMARKS: Readonly<Record<string, { readonly says: string; readonly run: Benchmark }>> = {
  scan: {
    says: 'delta synchronizations a second through real sockets, against a bare node:http server',
    run: benchScan,
  },
  'scan-growth': {
    says: 'processor time of a delta scan at 1,000, 10,000 and 100,000 revisions with the same approvals',
    run: benchScanGrowth,
  },
  approve: {
    says: "from an approval's commit to the first scan that sees it, and what scans notice of the rebuild",
    run: benchApprove,
  },
  report: {
    says: 'events made durable a second, against bare better-sqlite3 inserting the same rows',
    run: benchReport,
  },
  start: {
    says: 'from the start of the process to the first answered scan, against reading the same rows',
    run: benchStart,
  },
  content: {
    says: 'large files and small ranges over HTTP, against nginx serving the same files; memory; cost of verifying',
    run: benchContent,
  },
  sync: {
    says: 'revisions a second from an upstream server through TLS, against bare better-sqlite3 writing the same rows',
    run: benchSync,
  },
};

function usage(): never {
  const names = Object.entries(BENCHMARKS).map(([name, { says }]) => `  ${name.padEnd(12)} ${says}`);
  process.stderr.write(`Usage: ./scripts/bench NAME [--quick]\n${names.join('\n')}\n`);
  process.exit(2);
}

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const [name, ...more] = args.filter((arg) => arg !== '--quick');
const benchmark = name === undefined || more.length > 0 ? undefined : BENCHMARKS[name];
if (benchmark === undefined) usage();

const result = await benchmark.run({ quick, say: (line) => process.stdout.write(`${line}\n`) });
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.ok ? 0 : 1;
