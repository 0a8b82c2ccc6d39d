/** Texts of how one synchronization went: by themselves, since the overview shows it without the rest of the page. */
import { countOf, formatCount } from '../format/amounts.ts';
import { dateAndTime } from '../format/relative-time.ts';
import type { SyncScope } from '../../../protocol/console/schedule.ts';
import type { Run } from './run.ts';

type Decisions = 'approvals' | 'ended' | 'declines' | 'groups';

const at = (iso: string): string => dateAndTime(iso, 'en');
const koAt = (iso: string): string => dateAndTime(iso, 'ko');

const en = {
  runStates: {
    running: 'Running',
    succeeded: 'Succeeded',
    failed: 'Failed',
    cancelled: 'Cancelled',
  } satisfies Record<Run['state'], string>,
  amiss: 'Succeeded, with a warning',
  triggers: {
    schedule: 'by schedule',
    manual: 'by hand',
    start: 'at start',
  } satisfies Record<Run['trigger'], string>,
  arrivals: {
    new: (updates: number) => `${formatCount(updates)} new`,
    revised: (updates: number) => `${formatCount(updates)} revised`,
    expired: (updates: number) => `${formatCount(updates)} expired`,
    moved: (approvals: number) => countOf(approvals, 'approval moved', 'approvals moved'),
    declined: (updates: number) => `${formatCount(updates)} declined`,
  },
  nothingNew: 'nothing new',
  ofFasterClassifications: ', faster schedule’s classifications',
  retry: (attempt: number) => `, retry (attempt ${attempt})`,
  took: (time: string) => `, took ${time}`,
  notes: {
    missedOne: (dueAt: string) => `Makes up for the start of ${at(dueAt)}, when the relay was not running.`,
    missed: (starts: number, first: string, last: string) =>
      `Makes up at once for ${countOf(starts, 'start')} from ${at(first)} to ${at(last)}, when the relay was not running.`,
    pausedOne: (dueAt: string) => `Was due ${at(dueAt)} and held back by a pause window.`,
    paused: (starts: number, dueAt: string) =>
      `Stands for ${countOf(starts, 'start')} since ${at(dueAt)} that a pause window held back.`,
    waited: (dueAt: string) => `Was due ${at(dueAt)} and waited for the run before it to end.`,
    cancelledOne: (dueAt: string) => `Was due ${at(dueAt)} during the run before it, which was cancelled.`,
    cancelled: (starts: number, dueAt: string) =>
      `Stands for ${countOf(starts, 'start')} until ${at(dueAt)} that came due during the run before it, which was cancelled.`,
    skipped: (dueAt: string) =>
      `Came due again ${at(dueAt)} while it was still on; no second run was started.`,
    covers: (scope: SyncScope, dueAt: string) =>
      `Also stands for the ${scope === 'fast' ? 'faster' : 'main'} schedule, due ${at(dueAt)}.`,
    decisions: (changes: readonly string[]) => `The upstream server’s decisions: ${changes.join(', ')}.`,
    resumed: (startedAt: string) =>
      `Goes on with the run of ${at(startedAt)}, which the end of the relay interrupted.`,
    imported: (archive: string) => `Imported from disk: ${archive}.`,
    importedOf: (archive: string, createdAt: string) =>
      `Imported from disk: ${archive}, exported ${at(createdAt)}.`,
  },
  decisions: {
    approvals: (count: number) => countOf(count, 'approval made or changed', 'approvals made or changed'),
    ended: (count: number) => countOf(count, 'approval ended', 'approvals ended'),
    declines: (count: number) => countOf(count, 'decline made or undone', 'declines made or undone'),
    groups: (count: number) => countOf(count, 'group changed', 'groups changed'),
  } satisfies Record<Decisions, (count: number) => string>,
  chainSeen: 'The certificate chain that was seen',
  issuedBy: 'Issued by',
  valid: 'Valid',
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  key: 'Key (pin)',
};

const ko: typeof en = {
  runStates: { running: '진행 중', succeeded: '성공', failed: '실패', cancelled: '취소됨' },
  amiss: '성공, 경고 있음',
  triggers: { schedule: '일정에 따라', manual: '수동', start: '시작할 때' },
  arrivals: {
    new: (updates) => `새 업데이트 ${formatCount(updates)}개`,
    revised: (updates) => `수정 ${formatCount(updates)}개`,
    expired: (updates) => `만료 ${formatCount(updates)}개`,
    moved: (approvals) => `승인 이동 ${formatCount(approvals)}건`,
    declined: (updates) => `거부 ${formatCount(updates)}개`,
  },
  nothingNew: '새로운 내용 없음',
  ofFasterClassifications: ', 빠른 일정의 분류',
  retry: (attempt) => `, 재시도(${attempt}번째)`,
  took: (time) => `, ${time} 걸림`,
  notes: {
    missedOne: (dueAt) => `릴레이가 실행 중이 아니던 ${koAt(dueAt)}의 동기화를 대신합니다.`,
    missed: (starts, first, last) =>
      `릴레이가 실행 중이 아니던 ${koAt(first)}부터 ${koAt(last)}까지의 동기화 ${formatCount(starts)}회를 한 번에 대신합니다.`,
    pausedOne: (dueAt) => `예정 시간은 ${koAt(dueAt)}였으나 일시 중지 시간이어서 미루었습니다.`,
    paused: (starts, dueAt) =>
      `${koAt(dueAt)}부터 일시 중지 시간 동안 미룬 동기화 ${formatCount(starts)}회를 대신합니다.`,
    waited: (dueAt) => `예정 시간은 ${koAt(dueAt)}였으나 이전 동기화가 끝나기를 기다렸습니다.`,
    cancelledOne: (dueAt) =>
      `예정 시간은 이전 동기화가 진행되던 ${koAt(dueAt)}이며, 이전 동기화는 취소되었습니다.`,
    cancelled: (starts, dueAt) =>
      `취소된 이전 동기화가 진행되는 동안 ${koAt(dueAt)}까지 예정되었던 동기화 ${formatCount(starts)}회를 대신합니다.`,
    skipped: (dueAt) => `진행 중이던 ${koAt(dueAt)}에 다시 예정 시간이 되었으나 새로 시작하지 않았습니다.`,
    covers: (scope, dueAt) =>
      `${koAt(dueAt)}에 예정된 ${scope === 'fast' ? '빠른' : '기본'} 일정의 동기화도 대신합니다.`,
    decisions: (changes) => `업스트림 서버의 결정: ${changes.join(', ')}.`,
    resumed: (startedAt) => `릴레이가 종료되어 중단된 ${koAt(startedAt)}의 동기화를 이어서 진행합니다.`,
    imported: (archive) => `디스크에서 가져옴: ${archive}.`,
    importedOf: (archive, createdAt) => `디스크에서 가져옴: ${archive}, ${koAt(createdAt)}에 내보냄.`,
  },
  decisions: {
    approvals: (count) => `승인 추가 또는 변경 ${formatCount(count)}건`,
    ended: (count) => `승인 종료 ${formatCount(count)}건`,
    declines: (count) => `거부 또는 거부 취소 ${formatCount(count)}건`,
    groups: (count) => `그룹 변경 ${formatCount(count)}건`,
  },
  chainSeen: '확인된 인증서 체인',
  issuedBy: '발급자',
  valid: '유효 기간',
  fromTo: (from, to) => `${from} ~ ${to}`,
  key: '키(핀)',
};

export type RunTexts = typeof en;
export const texts = { en, ko };
