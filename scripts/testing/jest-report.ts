/** Reads the JSON report of a jest run into counts, so that nothing a run did not say is counted as passed. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** How many tests ended in each way. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const JestReport = z.object({
  numPassedTests: z.int().min(0),
  numFailedTests: z.int().min(0),
  numPendingTests: z.int().min(0),
  numTodoTests: z.int().min(0),
  numRuntimeErrorTestSuites: z.int().min(0),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

/**
 * Counts from the report a jest run left; a suite that could not even load counts as one failure, and so does a run
 * that left no report or that failed without naming a test.
 *
 * @param path the file given to jest as `--outputFile`
 * @param status jest's exit status
 */
export function readJestReport(path: string, status: number): Tally {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JestReport.parse(JSON.parse(readFileSync(path, 'utf8')));
  const skippedNames = report.testResults.flatMap((suite) =>
    suite.assertionResults.filter((test) => test.status === 'pending').map((test) => test.fullName),
  );
  for (const name of skippedNames) process.stdout.write(`skipped: ${name}\n`);
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
