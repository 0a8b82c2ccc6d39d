/** What the page of the audit log says. */
import type { AuditActorKind } from '../../../protocol/console/audit.ts';
import type { DifferenceKind } from './entry-differences.ts';

export interface AuditTexts {
  readonly title: string;
  readonly entries: (count: string) => string;
  readonly matching: (count: string) => string;
  readonly reading: string;
  readonly notRead: string;
  readonly noneMatches: string;
  readonly allFiltersHold: string;
  readonly clearFilters: string;
  readonly nothingYet: string;
  readonly nothingYetText: string;

  readonly when: string;
  readonly who: string;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  readonly andMore: (count: number) => string;

  readonly find: string;
  readonly search: string;
  readonly searchChip: (text: string) => string;
  readonly kindOfActor: string;
  readonly actorKinds: Readonly<Record<AuditActorKind, string>>;
  readonly kindOfSubject: string;
  readonly subjectId: string;
  readonly from: string;
  readonly until: string;
  readonly chip: (name: string, value: string) => string;

  readonly exportLog: string;
  readonly asCsv: string;
  readonly asJsonLines: string;

  readonly chainRight: string;
  readonly chainWrong: (found: number) => string;
  readonly neverVerified: string;
  readonly verifiedUpTo: (sequence: string) => string;
  readonly verify: string;
  readonly verifying: string;
  readonly notVerified: string;
  readonly stateNotRead: string;
  readonly head: (sequence: string) => string;
  readonly headHint: string;

  readonly entry: (sequence: number) => string;
  readonly change: string;
  readonly evidence: string;
  readonly readingEntry: string;
  readonly entryNotRead: string;
  readonly subjects: string;
  readonly showOthersOf: (name: string) => string;
  readonly whatChanged: string;
  readonly nothingRecorded: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly wholeValue: string;
  readonly differences: Readonly<Record<DifferenceKind, string>>;
  readonly unchanged: (count: number) => string;
  readonly cut: (bytes: string) => string;
  readonly account: string;
  readonly hash: string;
  readonly previousHash: string;
  readonly copy: (what: string) => string;
  readonly copied: string;
  readonly integrity: string;
  readonly intact: string;
  readonly notIntact: string;
}

const en: AuditTexts = {
  title: 'Audit',
  entries: (count) => count,
  matching: (count) => `${count} match`,
  reading: 'Reading the audit log',
  notRead: 'The audit log could not be read.',
  noneMatches: 'No entry matches',
  allFiltersHold: 'Every filter that is on must hold for an entry to be shown.',
  clearFilters: 'Clear all filters',
  nothingYet: 'Nothing was recorded yet',
  nothingYetText:
    'Every change is recorded here: who made it, from where, and what was before and after. Nobody can change or remove an entry from the console.',

  when: 'Time',
  who: 'Who',
  address: 'Address',
  action: 'Action',
  subject: 'What',
  andMore: (count) => `and ${count} more`,

  find: 'Find entries',
  search: 'Search names, addresses, values',
  searchChip: (text) => `Search: ${text}`,
  kindOfActor: 'Kind of actor',
  actorKinds: {
    user: 'User',
    token: 'API token',
    command: 'Command line',
    rule: 'Approval rule',
    rollout: 'Rollout',
    system: 'The relay itself',
  },
  kindOfSubject: 'Kind of subject',
  subjectId: 'Subject',
  from: 'From',
  until: 'Until',
  chip: (name, value) => `${name}: ${value}`,

  exportLog: 'Export',
  asCsv: 'CSV, for a spreadsheet',
  asJsonLines: 'JSON lines, to check hashes with',

  chainRight: 'As it was written',
  chainWrong: (found) =>
    found === 1 ? 'Verification failed: 1 finding' : `Verification failed: ${found} findings`,
  neverVerified: 'Not verified yet',
  verifiedUpTo: (sequence) => `up to entry ${sequence}, verified`,
  verify: 'Verify now',
  verifying: 'Verifying',
  notVerified: 'The audit log could not be verified.',
  stateNotRead: 'The state of the audit log could not be read.',
  head: (sequence) => `Ends at entry ${sequence}`,
  headHint:
    'Keep this number and hash elsewhere: they show later that nothing before was changed or cut off.',

  entry: (sequence) => `Entry ${sequence}`,
  change: 'Change',
  evidence: 'Evidence',
  readingEntry: 'Reading the entry',
  entryNotRead: 'The entry could not be read.',
  subjects: 'What it was about',
  showOthersOf: (name) => `Show all entries about ${name}`,
  whatChanged: 'Before and after',
  nothingRecorded: 'This entry has no values: the action says all of it.',
  field: 'Field',
  before: 'Before',
  after: 'After',
  wholeValue: 'Value',
  differences: { added: 'Added', removed: 'Removed', changed: 'Changed', same: 'Unchanged' },
  unchanged: (count) => (count === 1 ? 'Show 1 that is unchanged' : `Show ${count} that are unchanged`),
  cut: (bytes) => `The value had ${bytes}. Its beginning and its SHA-256 are kept.`,
  account: 'Account',
  hash: 'Hash',
  previousHash: 'Hash of the entry before',
  copy: (what) => `Copy: ${what}`,
  copied: 'Copied',
  integrity: 'Integrity',
  intact: 'Its fields make its hash, and it hangs on the entry before.',
  notIntact:
    'Its fields do not make its hash, or it does not hang on the entry before. It is not what was written.',
};

const ko: AuditTexts = {
  title: '감사',
  entries: (count) => `${count}건`,
  matching: (count) => `${count}건 일치`,
  reading: '감사 로그를 읽는 중입니다',
  notRead: '감사 로그를 읽을 수 없습니다.',
  noneMatches: '일치하는 항목이 없습니다',
  allFiltersHold: '켜져 있는 모든 필터를 만족하는 항목만 표시됩니다.',
  clearFilters: '필터 모두 지우기',
  nothingYet: '아직 기록된 항목이 없습니다',
  nothingYetText:
    '모든 변경이 이곳에 기록됩니다. 누가, 어디에서, 무엇을 변경했는지와 변경 전후의 값이 남습니다. 콘솔에서는 누구도 항목을 수정하거나 삭제할 수 없습니다.',

  when: '시간',
  who: '수행자',
  address: '주소',
  action: '작업',
  subject: '대상',
  andMore: (count) => `외 ${count}개`,

  find: '항목 찾기',
  search: '이름, 주소, 값 검색',
  searchChip: (text) => `검색: ${text}`,
  kindOfActor: '수행자 유형',
  actorKinds: {
    user: '사용자',
    token: 'API 토큰',
    command: '명령줄',
    rule: '승인 규칙',
    rollout: '단계적 배포',
    system: '릴레이 자체',
  },
  kindOfSubject: '대상 유형',
  subjectId: '대상',
  from: '시작 날짜',
  until: '종료 날짜',
  chip: (name, value) => `${name}: ${value}`,

  exportLog: '내보내기',
  asCsv: 'CSV(스프레드시트용)',
  asJsonLines: 'JSON Lines(해시 확인용)',

  chainRight: '기록된 그대로입니다',
  chainWrong: (found) => `확인 실패: ${found}건 발견`,
  neverVerified: '아직 확인하지 않았습니다',
  verifiedUpTo: (sequence) => `항목 ${sequence}까지 확인한 시간:`,
  verify: '지금 확인',
  verifying: '확인하는 중입니다',
  notVerified: '감사 로그를 확인할 수 없습니다.',
  stateNotRead: '감사 로그의 상태를 읽을 수 없습니다.',
  head: (sequence) => `마지막 항목: ${sequence}`,
  headHint:
    '이 번호와 해시를 다른 곳에 보관하십시오. 이전 항목이 변경되거나 잘려 나가지 않았음을 나중에 증명할 수 있습니다.',

  entry: (sequence) => `항목 ${sequence}`,
  change: '변경 내용',
  evidence: '증거',
  readingEntry: '항목을 읽는 중입니다',
  entryNotRead: '항목을 읽을 수 없습니다.',
  subjects: '대상',
  showOthersOf: (name) => `${name}에 대한 모든 항목 표시`,
  whatChanged: '변경 전과 후',
  nothingRecorded: '이 항목에는 값이 없습니다. 작업 이름이 내용의 전부입니다.',
  field: '필드',
  before: '변경 전',
  after: '변경 후',
  wholeValue: '값',
  differences: { added: '추가됨', removed: '제거됨', changed: '변경됨', same: '변경 없음' },
  unchanged: (count) => `변경되지 않은 ${count}개 표시`,
  cut: (bytes) => `원래 값은 ${bytes}였습니다. 앞부분과 SHA-256만 보관됩니다.`,
  account: '계정',
  hash: '해시',
  previousHash: '이전 항목의 해시',
  copy: (what) => `복사: ${what}`,
  copied: '복사했습니다',
  integrity: '무결성',
  intact: '필드와 해시가 일치하며, 이전 항목과 이어져 있습니다.',
  notIntact: '필드와 해시가 일치하지 않거나 이전 항목과 이어져 있지 않습니다. 기록된 그대로가 아닙니다.',
};

export const texts = { en, ko } as const;
