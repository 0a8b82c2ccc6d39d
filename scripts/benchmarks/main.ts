/** Runs one benchmark by name; its last line on standard output is one JSON object (see result.ts). */
import type { Benchmark } from './result.ts';
import { benchScan } from './scan/scan.ts';

const BENCHMARKS: Readonly<Record<string, { readonly says: string; readonly run: Benchmark }>> = {
  scan: {
    says: 'delta synchronizations a second through real sockets, against a bare node:http server',
    run: benchScan,
  },
};

function usage(): never {
  const names = Object.entries(BENCHMARKS).map(([name, { says }]) => `  ${name.padEnd(8)} ${says}`);
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
