/** How much of the memory the sync worker takes is garbage that was not collected yet. */

/**
 * For the worker's process and its threads. V8 lets the part of a heap where objects begin grow as long as much of it
 * survives, in steps that a long synchronization reaches and a short one does not: by more than 100 MB in each of two
 * threads. 8 MiB hold the batches that are under way.
 */
export const WORKER_EXECUTION_ARGUMENTS: readonly string[] = ['--max-semi-space-size=8'];
