/** Synchronization: how it stands, how it went, when it runs, what it brings. */
import { SchedulePlan } from '../../catalog/schedule/schedule.ts';
import {
  refuseUnknownCategories,
  selectableCategories,
} from '../../catalog/store/updates/category-counts.ts';
import { readRevisionRules, writeRevisionRules } from '../../catalog/store/decisions/revision-rules.ts';
import { cursorsOf } from '../../catalog/store/database/page-cursor.ts';
import {
  countRuns,
  listRuns,
  runningSynchronization,
  selectedCategories,
  setSelectedCategories,
} from '../../catalog/store/upstream/synchronization.ts';
import { readSchedule, replacePlan, writeSchedule } from '../../catalog/store/upstream/schedule-record.ts';
import type { ScheduleRecord } from '../../catalog/store/upstream/schedule-record.ts';
import { upcomingRuns } from '../../catalog/store/upstream/upcoming-runs.ts';
import type { SchedulePlanBody, ScheduleView } from '../../protocol/console/schedule.ts';
import type { SyncOverview } from '../../protocol/console/synchronization.ts';
import { z } from 'zod';
import { HOW_TO_SET_UPSTREAM } from '../upstream-advice.ts';
import type { ConsoleContext } from './context.ts';
import { entityTagOf } from './edit-version.ts';
import { updateSubjects } from './decision-words.ts';
import { changing, signedIn, versioned, type SomeHandlers } from './handlers.ts';
import { ApiProblem, schemaProblem } from './problems.ts';
import { replicaOf } from './replica-guard.ts';
import { missingSelection } from './risks.ts';

const RUNS_SHOWN = 10;

type Name =
  | 'synchronization'
  | 'syncRuns'
  | 'startSync'
  | 'cancelSync'
  | 'schedule'
  | 'setSchedule'
  | 'previewSchedule'
  | 'revisionRules'
  | 'setRevisionRules'
  | 'categories'
  | 'selectCategories';

const runCursors = cursorsOf('synchronizations', z.int());

export function synchronizationRoutes(context: ConsoleContext): SomeHandlers<Name> {
  const { db, config, log, sync, now } = context;

  const viewOf = (record: ScheduleRecord): ScheduleView => {
    const { nextRuns, ...rest } = upcomingRuns(db, record, now(), RUNS_SHOWN);
    return { plan: record.plan, nextRuns: [...nextRuns], ...rest };
  };
  const planned = (): Pick<ScheduleView, 'nextRuns' | 'pausedUntil'> => {
    const { plan: _, ...rest } = viewOf(readSchedule(db));
    return rest;
  };
  const recordOf = (body: SchedulePlanBody): ScheduleRecord =>
    replacePlan(readSchedule(db), parsePlan(body), now());

  const planVersion = (): string => entityTagOf(readSchedule(db).plan);

  return {
    synchronization: signedIn('synchronization', () => {
      const host = replicaOf(config);
      const running = runningOf(context);
      const nothingChosen = missingSelection(db, config);
      // Beside a synchronization an import may be on.
      const lastRun = listRuns(db, 3).find(({ state }) => state !== 'running');
      return {
        ...(config.upstream === undefined
          ? {}
          : { upstream: { url: config.upstream.url, pins: config.upstream.pins } }),
        howToSetUpstream: HOW_TO_SET_UPSTREAM,
        ...(host === undefined ? {} : { replicaOf: host }),
        ...(nothingChosen === undefined ? {} : { nothingChosen }),
        ...(running === undefined ? {} : { running }),
        ...(config.upstream === undefined ? { nextRuns: [] } : planned()),
        ...(lastRun === undefined ? {} : { lastRun }),
      };
    }),

    syncRuns: signedIn('syncRuns', ({ query }) => {
      const before = query.cursor === undefined ? undefined : runCursors.read(query.cursor);
      const runs = listRuns(db, query.limit + 1, before);
      const items = runs.slice(0, query.limit);
      const last = items.at(-1);
      return {
        items,
        total: countRuns(db),
        ...(runs.length > query.limit && last !== undefined
          ? { nextCursor: runCursors.write(last.runId) }
          : {}),
      };
    }),

    startSync: changing('startSync', ({ session }) => {
      if (config.upstream === undefined) {
        throw new ApiProblem(
          409,
          'SYNC_NO_UPSTREAM',
          `No upstream server is configured. ${HOW_TO_SET_UPSTREAM}`,
        );
      }
      if (runningSynchronization(context.db) !== undefined)
        return { answer: { started: false }, change: undefined };
      log.info('Asked for a synchronization', { userName: session.userName });
      return {
        answer: { started: true },
        change: { action: 'synchronization.start', subjects: [] },
        afterwards: () => sync.send({ type: 'synchronize' }),
      };
    }),

    cancelSync: changing('cancelSync', ({ session }) => {
      const running = runningSynchronization(context.db);
      if (running === undefined) {
        throw new ApiProblem(
          409,
          'SYNC_NOT_RUNNING',
          'No synchronization is running, so there is none to cancel.',
        );
      }
      log.info('Asked to cancel the synchronization', { userName: session.userName });
      return {
        answer: undefined,
        change: {
          action: 'synchronization.cancel',
          subjects: [{ kind: 'synchronization', id: String(running.runId) }],
        },
        afterwards: () => sync.send({ type: 'cancel' }),
      };
    }),

    schedule: versioned(
      planVersion,
      signedIn('schedule', () => viewOf(readSchedule(db))),
    ),

    setSchedule: versioned(
      planVersion,
      changing('setSchedule', ({ body, session }) => {
        const before = readSchedule(db).plan;
        const record = recordOf(body);
        writeSchedule(db, record);
        log.info('Changed the schedule of synchronization', {
          userName: session.userName,
          plan: record.plan,
        });
        return {
          answer: viewOf(record),
          change: { action: 'schedule.change', subjects: [], before: before, after: record.plan },
          afterwards: () => sync.send({ type: 'schedule-changed' }),
        };
      }),
    ),

    previewSchedule: signedIn('previewSchedule', ({ body }) => viewOf(recordOf(body))),

    revisionRules: signedIn('revisionRules', () => readRevisionRules(db)),

    setRevisionRules: changing('setRevisionRules', ({ body, session }) => {
      const before = readRevisionRules(db);
      writeRevisionRules(db, body);
      log.info('Changed what becomes of decisions when newer revisions come', {
        userName: session.userName,
        before,
        after: body,
      });
      return {
        answer: body,
        change: { action: 'revision-rules.change', subjects: [], before: { ...before }, after: body },
      };
    }),

    categories: signedIn('categories', () => selectableCategories(db)),

    selectCategories: changing('selectCategories', ({ body, session }) => {
      refuseUnknownCategories(db, body.updateIds);
      const before = selectedCategories(db);
      setSelectedCategories(db, body.updateIds);
      log.info('Chose products and classifications', {
        userName: session.userName,
        chosen: body.updateIds.length,
      });
      const after = new Set(body.updateIds);
      const added = body.updateIds.filter((id) => !before.includes(id));
      const removed = before.filter((id) => !after.has(id));
      return {
        answer: selectableCategories(db),
        change: {
          action: 'categories.choose',
          subjects: updateSubjects(db, [...added, ...removed]).map((one) => ({ ...one, kind: 'category' })),
          before: { chosen: before.length, removed },
          after: { chosen: after.size, added },
        },
      };
    }),
  };
}

/** The contract knows a plan's shape; only the catalogue knows which zones and expressions there are. */
function parsePlan(body: SchedulePlanBody): SchedulePlan {
  const parsed = SchedulePlan.safeParse(body);
  if (!parsed.success) throw schemaProblem('body', parsed.error);
  return parsed.data;
}

/** Phase and progress come from the worker; before its first word the run is about to connect. */
function runningOf(context: ConsoleContext): SyncOverview['running'] {
  const run = runningSynchronization(context.db);
  if (run === undefined) return undefined;
  const progress = context.sync.lastProgress();
  const told = progress?.type === 'progress' && progress.runId === run.runId ? progress : undefined;
  return {
    runId: run.runId,
    phase: told?.phase ?? 'connect',
    done: told?.done ?? 0,
    total: told?.total ?? 0,
    startedAt: run.startedAt,
  };
}
