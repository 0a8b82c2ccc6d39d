/** When to synchronize. */
import type { ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ScheduleEditor } from './schedule-editor.tsx';
import { useSchedule } from './synchronization-queries.ts';
import { texts } from './texts.ts';

export function ScheduleTab(): ReactElement {
  const t = useTexts(texts);
  const schedule = useSchedule();
  if (schedule.isPending) return <SkeletonLines count={6} label={t.readingSchedule} />;
  if (schedule.isError) {
    return (
      <Failure what={t.scheduleNotRead} error={schedule.error} onRetry={() => void schedule.refetch()} />
    );
  }
  return <ScheduleEditor saved={schedule.data} />;
}
