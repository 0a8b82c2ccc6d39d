/** One step on the way to the upstream server, as `sluice upstream check` tells it. */

export const STEPS = [
  'dns',
  'tcp',
  'proxy',
  'tls',
  'chain',
  'dates',
  'usage',
  'strength',
  'name',
  'pin',
  'revocation',
  'protocol-version',
  'authorization',
] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  readonly step: StepName;
  /** `skipped`: it does not apply, or cannot be done since an earlier one failed. */
  readonly state: 'ok' | 'failed' | 'skipped';
  /** Stable name of what a failed one found. */
  readonly code?: string;
  /** What was found, and of a failed one what to do. */
  readonly message: string;
}

/** Notes steps, in their order, and tells each as soon as it is there. */
export class StepLog {
  readonly #tell: (step: Step) => void;
  #failed = false;
  #next = 0;

  constructor(tell: (step: Step) => void) {
    this.#tell = tell;
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  ok(step: StepName, message: string): void {
    this.#note({ step, state: 'ok', message });
  }

  skipped(step: StepName, message: string): void {
    this.#note({ step, state: 'skipped', message });
  }

  failed(step: StepName, code: string, message: string): void {
    this.#failed = true;
    this.#note({ step, state: 'failed', code, message });
  }

  /** Every step that is not there yet. */
  skipRest(message: string): void {
    for (const step of STEPS.slice(this.#next)) this.skipped(step, message);
  }

  #note(step: Step): void {
    this.#next = STEPS.indexOf(step.step) + 1;
    this.#tell(step);
  }
}
