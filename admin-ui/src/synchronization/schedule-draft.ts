/** The plan while it is edited: every field of every mode, as text, and what is amiss with which field. */
import { SchedulePlanBody } from '../../../protocol/console/schedule.ts';
import type { PauseWindow, Timing } from '../../../protocol/console/schedule.ts';
import { ApiError } from '../api/api-error.ts';

export interface TimingDraft {
  readonly mode: Timing['mode'];
  readonly count: string;
  readonly firstAt: string;
  readonly expression: string;
  readonly randomOffsetMinutes: string;
}

export interface PlanDraft {
  readonly timeZone: string;
  readonly main: TimingDraft;
  readonly fast: TimingDraft;
  readonly classifications: readonly string[];
  readonly pauseWindows: readonly PauseWindow[];
  readonly attempts: string;
  readonly firstDelayMinutes: string;
}

/** Sentences by field: `main.count`, `pauseWindows.0.days`. */
export type FieldProblems = ReadonlyMap<string, string>;

/** What a mode starts with when it is chosen for the first time. */
const BLANK: Readonly<Record<'main' | 'fast', TimingDraft>> = {
  main: { mode: 'off', count: '1', firstAt: '03:00', expression: '0 3 * * *', randomOffsetMinutes: '30' },
  fast: { mode: 'off', count: '24', firstAt: '00:00', expression: '0 * * * *', randomOffsetMinutes: '10' },
};

/** @param zone the browser's: what a plan that says nothing of times yet begins with */
export function draftOf(plan: SchedulePlanBody, zone: string): PlanDraft {
  const isEmpty =
    plan.main.mode === 'off' && plan.fast.timing.mode === 'off' && plan.pauseWindows.length === 0;
  return {
    timeZone: isEmpty ? zone : plan.timeZone,
    main: timingDraftOf(plan.main, BLANK.main),
    fast: timingDraftOf(plan.fast.timing, BLANK.fast),
    classifications: plan.fast.classifications,
    pauseWindows: plan.pauseWindows,
    attempts: String(plan.retry.attempts),
    firstDelayMinutes: String(plan.retry.firstDelayMinutes),
  };
}

function timingDraftOf(timing: Timing, blank: TimingDraft): TimingDraft {
  if (timing.mode === 'off') return blank;
  const common = { ...blank, randomOffsetMinutes: String(timing.randomOffsetMinutes) };
  return timing.mode === 'cron'
    ? { ...common, mode: 'cron', expression: timing.expression }
    : { ...common, mode: 'timesPerDay', count: String(timing.count), firstAt: timing.firstAt };
}

/** The plan; or what keeps the draft from being one. */
export function planOf(
  draft: PlanDraft,
): { readonly plan: SchedulePlanBody } | { readonly problems: FieldProblems } {
  const parsed = SchedulePlanBody.safeParse({
    timeZone: draft.timeZone,
    main: timingOf(draft.main),
    fast: { timing: timingOf(draft.fast), classifications: draft.classifications },
    pauseWindows: draft.pauseWindows,
    retry: {
      attempts: wholeNumber(draft.attempts),
      firstDelayMinutes: wholeNumber(draft.firstDelayMinutes),
    },
  });
  if (parsed.success) return { plan: parsed.data };
  return {
    problems: byField(parsed.error.issues.map(({ path, message }) => [path.map(String).join('.'), message])),
  };
}

function timingOf(draft: TimingDraft) {
  if (draft.mode === 'off') return { mode: 'off' };
  const randomOffsetMinutes = wholeNumber(draft.randomOffsetMinutes);
  return draft.mode === 'cron'
    ? { mode: 'cron', expression: draft.expression, randomOffsetMinutes }
    : { mode: 'timesPerDay', count: wholeNumber(draft.count), firstAt: draft.firstAt, randomOffsetMinutes };
}

/** What the server found amiss, by field; empty where it failed for another reason. */
export function problemsOf(error: unknown): FieldProblems {
  const errors = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return byField(errors.map(({ path, message }) => [path.replace(/^body\./, ''), message]));
}

/** The first of each field. */
function byField(problems: readonly (readonly [string, string])[]): FieldProblems {
  return new Map(problems.toReversed());
}

const wholeNumber = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);
