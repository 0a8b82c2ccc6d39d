/** How `sluice` ends: for scripts that call it (docs/upstream-trust.md). */
export const EXIT = {
  ok: 0,
  /** A step failed; no pin was recorded. */
  failed: 1,
  /** The command line is wrong (EX_USAGE of sysexits.h). */
  usage: 64,
  /** The configuration is wrong (EX_CONFIG). */
  config: 78,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
