/** When to synchronize. */
import type { ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { ScheduleEditor } from './schedule-editor.tsx';
import { useSchedule } from './synchronization-queries.ts';

export function ScheduleTab(): ReactElement {
  const schedule = useSchedule();
  if (schedule.isPending) return <SkeletonLines count={6} label="Reading the schedule" />;
  if (schedule.isError) {
    return (
      <Failure
        what="The schedule could not be read."
        error={schedule.error}
        onRetry={() => void schedule.refetch()}
      />
    );
  }
  return <ScheduleEditor saved={schedule.data} />;
}
