/** Texts of the page of synchronization. */
import { countOf, formatCount, isOne } from '../format/amounts.ts';
import { dateAndTime } from '../format/relative-time.ts';
import { dayNames } from './day-names.ts';
import type { PauseWindow, SyncScope, Timing } from '../../../protocol/console/schedule.ts';
import type { Phase, PhaseState } from './phases.ts';

const enWindow = ({ days, from, to }: PauseWindow): string =>
  `${days.length === 7 ? 'every day' : days.map((day) => dayNames.en[day].short).join(' ')} ${from}–${to}`;

const koWindow = ({ days, from, to }: PauseWindow): string =>
  `${days.length === 7 ? '매일' : days.map((day) => dayNames.ko[day].short).join(' ')} ${from}–${to}`;

const at = (iso: string): string => dateAndTime(iso, 'en');
const koAt = (iso: string): string => dateAndTime(iso, 'ko');

const en = {
  title: 'Synchronization',
  replica:
    'Approvals, declines, groups, products and classifications are decided there, and taken over with each synchronization.',
  tabs: {
    now: 'Now',
    schedule: 'Schedule',
    categories: 'Products and classifications',
    revisions: 'Newer revisions',
    history: 'History',
  },

  reading: 'Reading the state of synchronization',
  notRead: 'The state of synchronization could not be read.',
  thisMoment: 'This moment',
  synchronizeNow: 'Synchronize now',
  notScheduled: 'No run is scheduled.',
  /** Before how far it is away; after it, when exactly. */
  nextRun: 'The next run is',
  nextRunAt: (startsAt: string, isRetry: boolean, isFast: boolean) =>
    `(${at(startsAt)}${isRetry ? ', a retry' : ''}${isFast ? ', faster schedule' : ''}).`,
  pausedNow: (until: string) =>
    `A pause window lasts until ${at(until)}: until then nothing starts by itself, but you may start a run.`,
  notStarted: 'The synchronization did not start.',
  onAlready: 'A run was on already, so no second one was started.',
  lastRun: 'Last run',
  noRun: 'There was none yet.',
  nothingChosen: 'Nothing is chosen.',
  /** From what the relay says in English. */
  nothingChosenMeans: (said: string) => said,
  choose: 'Choose',

  upstream: 'Upstream server',
  noUpstream: 'No upstream server is set.',
  howToSet: (said: string) => said,
  address: 'Address',
  pins: 'Pins',
  pinsMean:
    'One of these keys must have issued the server’s certificate; otherwise nothing is asked and nothing is sent.',

  phasesList: 'Phases',
  phases: {
    connect: 'Connecting and checking the certificate',
    categories: 'Asking for products and classifications',
    'category-data': 'Fetching products and classifications',
    updates: 'Asking for updates',
    'update-data': 'Fetching updates',
    deployments: 'Taking over groups and approvals',
    finish: 'Finishing',
  } satisfies Record<Phase, string>,
  phaseStates: { done: 'done', running: 'now', waiting: 'waiting' } satisfies Record<PhaseState, string>,
  doneOf: (done: number, total: number) => `${formatCount(done)} of ${formatCount(total)}`,
  cancel: 'Cancel',
  runningFor: (time: string) => `Running for ${time}. What has arrived is kept if it is cancelled.`,
  goesOn: 'It goes on.',

  readingHistory: 'Reading the history',
  historyNotRead: 'The history could not be read.',
  noHistory: 'No synchronization yet',
  noHistoryHint: 'Each one is kept here with what arrived and, where it failed, why.',
  synchronize: 'Synchronize',
  runs: 'Synchronizations',
  showOlder: 'Show older ones',

  nothingToChoose: 'Nothing to choose here',
  takesAll: (host: string) =>
    `A replica takes over every update that ${host} has. Choose products and classifications there.`,
  readingCategories: 'Reading products and classifications',
  categoriesNotRead: 'Products and classifications could not be read.',
  noCategories: 'No products or classifications yet',
  noCategoriesHint:
    'The first synchronization brings them; then you choose, and the next one brings their updates.',
  goAndSynchronize: 'Go and synchronize',
  products: 'Products',
  findProduct: 'Find a product',
  classifications: 'Classifications',
  choiceSaved: 'Choice saved',
  choiceMeans: 'The next synchronization fetches what is new in it. What is here already stays.',
  choiceNotSaved: 'The choice was not saved.',
  saveChoice: 'Save choice',
  discard: 'Discard',
  chosen: (products: number, classifications: number) =>
    `${countOf(products, 'product')} and ${countOf(classifications, 'classification')} chosen`,
  nothingMatches: 'Nothing matches.',
  whatIsBelow: (category: string) => `${category}: what is below`,
  updatesHere: 'Updates of it that are here',

  readingSchedule: 'Reading the schedule',
  scheduleNotRead: 'The schedule could not be read.',
  scheduleSaved: 'Schedule saved',
  scheduleFollowed: 'It is followed from now on.',
  scheduleNotSaved: 'The schedule was not saved.',
  saveSchedule: 'Save schedule',
  correctFirst: 'Correct what is marked before you save.',
  mainSchedule: 'Main schedule',
  mainMeans: 'Brings everything that is chosen under “Products and classifications”.',
  synchronizeWhen: 'Synchronize',
  byHandOnly: 'By hand only',
  fasterSchedule: 'Faster schedule',
  fasterMeans: 'Brings some classifications more often, such as Definition Updates every hour.',
  synchronizeThese: 'Synchronize these',
  withRestOnly: 'With the rest only',
  pauseWindows: 'Pause windows',
  afterFailure: 'After a failure',

  everyDay: 'Every day',
  byCron: 'By cron expression',
  cron: 'Cron expression',
  cronHint: (example: string) =>
    `Minute, hour, day of month, month, day of week. ${example} is every day at 03:00.`,
  timesPerDay: 'Times per day',
  timesHint: 'From 1 to 24, evenly spread; 24 is every hour.',
  firstAt: 'First at',
  firstAtHint: 'As in 03:00 or 15:30.',
  randomDelay: 'Random delay, in minutes',
  randomDelayHint: 'Each run starts up to so much later, so that many relays do not ask at once.',
  timeZone: 'Time zone',
  timeZoneHint: 'Of every time in this plan, with its changes to and from summer time.',

  fastClassificationsNotRead: 'The classifications could not be read.',
  notChosen: '(not chosen, so not asked for)',
  notHere: (updateId: string) => `${updateId} (not here)`,
  noneChosen: 'No classification is chosen yet. Choose some under “Products and classifications” first.',
  ofChosen: 'Of those chosen under “Products and classifications”, for the products chosen there.',

  pauseMeans:
    'In a pause window nothing starts by itself. What comes due in one starts once when it ends; a run that is on goes on, and one may still be started by hand.',
  addPauseWindow: 'Add a pause window',
  pauseWindow: (number: number) => `Pause window ${number}`,
  removePauseWindow: (number: number) => `Remove pause window ${number}`,
  beginsOn: 'Begins on',
  from: 'From',
  to: 'To',
  endsNextDay: 'Ends on the day after.',
  endsSameDay: 'Ends on the same day.',
  remove: 'Remove',
  days: dayNames.en,

  retryMeans:
    'A run that lost its connection, timed out or met a busy server is tried again. One whose certificate or pin was wrong, or which was refused, is not: that takes a person.',
  attempts: 'Further attempts',
  attemptsHint: 'From 0 to 10; 0 is none.',
  firstDelay: 'First after, in minutes',
  firstDelayHint: 'From 1 to 240; each further one waits twice as long, at most 12 hours.',

  nextRuns: 'Next runs, in your time zone',
  nextRunsUnknown: 'The next runs could not be worked out.',
  correctToSee: 'Correct the fields to see what they give.',
  pausedUntil: (until: string) => `A pause window lasts until ${at(until)}.`,
  noNextRun: 'None: only when someone starts one.',
  asSoonAsFree: 'As soon as no run is on',
  scopes: { main: 'Main schedule', fast: 'Faster schedule' } satisfies Record<SyncScope, string>,
  why: {
    retry: (attempt: number, isHeldBack: boolean) =>
      `Attempt ${attempt} of a run that failed${isHeldBack ? ', after the pause window' : ''}`,
    overdueMany: (starts: number) => `Due already: makes up for ${countOf(starts, 'start')} at once`,
    overdue: (dueAt: string) => `Was due ${at(dueAt)}`,
    heldMany: (starts: number) => `Held back by a pause window; stands for ${countOf(starts, 'start')}`,
    held: (dueAt: string) => `Held back by a pause window from ${at(dueAt)}`,
    offset: (dueAt: string, minutes: number) => `${at(dueAt)} and ${minutes} min of random delay`,
  },

  conflict: 'Somebody else changed the schedule meanwhile.',
  conflictMeans: 'Your changes are not saved. This is followed now:',
  /** After what is followed now. */
  was: (before: string) => `(was ${before})`,
  discardMine: 'Discard mine',
  keepMine: 'Keep mine, to save it instead',
  parts: {
    main: 'Main schedule',
    timeZone: 'Time zone',
    fast: 'Faster schedule',
    classifications: 'Classifications of the faster schedule',
    pauseWindows: 'Pause windows',
    retry: 'After a failure',
  },
  none: 'none',
  windows: (windows: readonly PauseWindow[]) => windows.map(enWindow).join('; '),
  timing: (timing: Timing): string => {
    if (timing.mode === 'off') return 'off';
    const delay =
      timing.randomOffsetMinutes === 0 ? '' : `, random delay up to ${timing.randomOffsetMinutes} min`;
    return timing.mode === 'cron'
      ? `cron ${timing.expression}${delay}`
      : `${isOne(timing.count) ? 'once' : `${timing.count} times`} a day from ${timing.firstAt}${delay}`;
  },
  noRetry: 'no further attempt',
  retries: (attempts: number, minutes: number) =>
    `${countOf(attempts, 'further attempt')}, the first after ${minutes} min`,
  /** What is amiss with a field, from what its schema says in English. */
  fieldProblem: (_field: string, said: string) => said,

  readingRules: 'Reading what is set',
  rulesNotRead: 'What is set could not be read.',
  rulesDecidedOn: (host: string) =>
    `Decided on ${host}: when a newer revision comes, approvals stand where they stand there, and what is declined there is declined here. Set it there.`,
  rulesTitle: 'When a newer revision of an update comes',
  moveApprovals: 'Move approvals to the newer revision',
  moveApprovalsHint:
    'With their deadlines, for every group. Not where it has licence terms that nobody accepted: approve it then yourself. Where this is off, computers keep being offered the revision that was approved, and the list of updates says that a newer one waits.',
  declineExpired: 'Decline an update when its newer revision is expired',
  declineExpiredHint: 'Its approvals end: no computer is offered it any more. Only where approvals move.',
  rulesSaved: 'Rules saved',
  rulesFollowed: 'The next synchronization follows them.',
  rulesNotSaved: 'The rules were not saved.',
  saveRules: 'Save rules',
};

const ko: typeof en = {
  title: '동기화',
  replica: '승인, 거부, 그룹, 제품, 분류는 그 서버에서 결정하며, 동기화할 때마다 그대로 가져옵니다.',
  tabs: {
    now: '현재',
    schedule: '일정',
    categories: '제품 및 분류',
    revisions: '새 수정 버전',
    history: '기록',
  },

  reading: '동기화 상태를 읽는 중',
  notRead: '동기화 상태를 읽지 못했습니다.',
  thisMoment: '현재 상태',
  synchronizeNow: '지금 동기화',
  notScheduled: '예약된 동기화가 없습니다.',
  nextRun: '다음 동기화:',
  nextRunAt: (startsAt, isRetry, isFast) =>
    `(${koAt(startsAt)}${isRetry ? ', 재시도' : ''}${isFast ? ', 빠른 일정' : ''})`,
  pausedNow: (until) =>
    `${koAt(until)}까지 일시 중지 시간입니다. 그때까지 자동으로 시작하지 않지만 직접 시작할 수 있습니다.`,
  notStarted: '동기화를 시작하지 못했습니다.',
  onAlready: '이미 동기화가 진행 중이므로 새로 시작하지 않았습니다.',
  lastRun: '마지막 동기화',
  noRun: '아직 동기화하지 않았습니다.',
  nothingChosen: '선택된 항목이 없습니다.',
  nothingChosenMeans: () =>
    '제품 또는 분류가 선택되지 않아 업데이트를 요청하지 않습니다. “제품 및 분류”에서 모두 선택한 후 다시 동기화하십시오.',
  choose: '선택하기',

  upstream: '업스트림 서버',
  noUpstream: '업스트림 서버가 설정되어 있지 않습니다.',
  howToSet: () =>
    '구성 파일에서 upstream.url과 upstream.pins를 설정하거나(config/sluice.sample.yaml 참조, `sluice upstream pin --url URL` 명령으로 서버의 핀을 확인할 수 있습니다), Microsoft 서버를 사용하려면 `upstream: {}`로 설정한 후 릴레이를 다시 시작하십시오.',
  address: '주소',
  pins: '핀',
  pinsMean:
    '이 키 중 하나가 서버의 인증서를 발급했어야 합니다. 그렇지 않으면 아무것도 요청하거나 보내지 않습니다.',

  phasesList: '단계',
  phases: {
    connect: '연결 및 인증서 확인',
    categories: '제품 및 분류 요청',
    'category-data': '제품 및 분류 가져오기',
    updates: '업데이트 요청',
    'update-data': '업데이트 가져오기',
    deployments: '그룹과 승인 가져오기',
    finish: '마무리',
  },
  phaseStates: { done: '완료', running: '진행 중', waiting: '대기' },
  doneOf: (done, total) => `${formatCount(done)} / ${formatCount(total)}`,
  cancel: '취소',
  runningFor: (time) => `진행 시간: ${time}. 취소해도 이미 도착한 내용은 유지됩니다.`,
  goesOn: '동기화를 취소하지 못해 계속 진행합니다.',

  readingHistory: '기록을 읽는 중',
  historyNotRead: '기록을 읽지 못했습니다.',
  noHistory: '아직 동기화하지 않았습니다',
  noHistoryHint: '동기화할 때마다 도착한 내용과 실패한 이유가 여기에 기록됩니다.',
  synchronize: '동기화하기',
  runs: '동기화 기록',
  showOlder: '이전 기록 보기',

  nothingToChoose: '여기에서 선택할 항목이 없습니다',
  takesAll: (host) =>
    `복제본은 ${host}의 모든 업데이트를 가져옵니다. 제품과 분류는 그 서버에서 선택하십시오.`,
  readingCategories: '제품과 분류를 읽는 중',
  categoriesNotRead: '제품과 분류를 읽지 못했습니다.',
  noCategories: '아직 제품과 분류가 없습니다',
  noCategoriesHint:
    '첫 동기화에서 제품과 분류를 가져옵니다. 그런 다음 선택하면 다음 동기화에서 업데이트를 가져옵니다.',
  goAndSynchronize: '동기화하러 가기',
  products: '제품',
  findProduct: '제품 찾기',
  classifications: '분류',
  choiceSaved: '선택을 저장했습니다',
  choiceMeans: '다음 동기화에서 새로 선택한 항목을 가져옵니다. 이미 있는 업데이트는 유지됩니다.',
  choiceNotSaved: '선택을 저장하지 못했습니다.',
  saveChoice: '선택 저장',
  discard: '변경 취소',
  chosen: (products, classifications) =>
    `제품 ${formatCount(products)}개, 분류 ${formatCount(classifications)}개 선택됨`,
  nothingMatches: '일치하는 항목이 없습니다.',
  whatIsBelow: (category) => `${category}의 하위 항목`,
  updatesHere: '보유한 업데이트 수',

  readingSchedule: '일정을 읽는 중',
  scheduleNotRead: '일정을 읽지 못했습니다.',
  scheduleSaved: '일정을 저장했습니다',
  scheduleFollowed: '지금부터 적용됩니다.',
  scheduleNotSaved: '일정을 저장하지 못했습니다.',
  saveSchedule: '일정 저장',
  correctFirst: '저장하기 전에 표시된 항목을 수정하십시오.',
  mainSchedule: '기본 일정',
  mainMeans: '“제품 및 분류”에서 선택한 모든 항목을 가져옵니다.',
  synchronizeWhen: '동기화',
  byHandOnly: '수동으로만',
  fasterSchedule: '빠른 일정',
  fasterMeans: '일부 분류를 더 자주 가져옵니다. 예를 들어 정의 업데이트를 매시간 가져올 수 있습니다.',
  synchronizeThese: '이 분류의 동기화',
  withRestOnly: '기본 일정에만',
  pauseWindows: '일시 중지 시간',
  afterFailure: '실패 후',

  everyDay: '매일',
  byCron: 'Cron 식으로',
  cron: 'Cron 식',
  cronHint: (example) => `분, 시, 일, 월, 요일 순서입니다. ${example}은 매일 03:00입니다.`,
  timesPerDay: '하루 횟수',
  timesHint: '1~24회이며 고르게 나눕니다. 24회는 매시간입니다.',
  firstAt: '첫 시간',
  firstAtHint: '예: 03:00 또는 15:30',
  randomDelay: '임의 지연(분)',
  randomDelayHint: '여러 릴레이가 동시에 요청하지 않도록 최대 이 시간만큼 늦게 시작합니다.',
  timeZone: '표준 시간대',
  timeZoneHint: '이 일정의 모든 시간에 적용되며, 일광 절약 시간 전환도 따릅니다.',

  fastClassificationsNotRead: '분류를 읽지 못했습니다.',
  notChosen: '(선택되지 않아 요청하지 않음)',
  notHere: (updateId) => `${updateId}(여기에 없음)`,
  noneChosen: '아직 선택된 분류가 없습니다. 먼저 “제품 및 분류”에서 선택하십시오.',
  ofChosen: '“제품 및 분류”에서 선택한 분류 중에서 고르며, 그곳에서 선택한 제품에 적용됩니다.',

  pauseMeans:
    '일시 중지 시간에는 자동으로 시작하지 않습니다. 그동안 예정된 동기화는 끝날 때 한 번 시작합니다. 진행 중인 동기화는 계속되며 직접 시작할 수도 있습니다.',
  addPauseWindow: '일시 중지 시간 추가',
  pauseWindow: (number) => `일시 중지 시간 ${number}`,
  removePauseWindow: (number) => `일시 중지 시간 ${number} 제거`,
  beginsOn: '시작 요일',
  from: '시작',
  to: '끝',
  endsNextDay: '다음 날에 끝납니다.',
  endsSameDay: '같은 날에 끝납니다.',
  remove: '제거',
  days: dayNames.ko,

  retryMeans:
    '연결이 끊기거나 시간이 초과되거나 서버가 사용 중이면 다시 시도합니다. 인증서나 핀이 잘못되었거나 거부된 경우에는 사람이 확인해야 하므로 다시 시도하지 않습니다.',
  attempts: '재시도 횟수',
  attemptsHint: '0~10회이며 0은 재시도하지 않음입니다.',
  firstDelay: '첫 재시도까지(분)',
  firstDelayHint: '1~240분이며, 다음 재시도는 두 배씩 최대 12시간까지 기다립니다.',

  nextRuns: '다음 동기화(사용자의 표준 시간대)',
  nextRunsUnknown: '다음 동기화를 계산하지 못했습니다.',
  correctToSee: '결과를 보려면 입력란을 수정하십시오.',
  pausedUntil: (until) => `${koAt(until)}까지 일시 중지 시간입니다.`,
  noNextRun: '없음: 직접 시작할 때만 동기화합니다.',
  asSoonAsFree: '진행 중인 동기화가 끝나는 즉시',
  scopes: { main: '기본 일정', fast: '빠른 일정' },
  why: {
    retry: (attempt, isHeldBack) =>
      `실패한 동기화의 ${attempt}번째 시도${isHeldBack ? ', 일시 중지 시간 후' : ''}`,
    overdueMany: (starts) => `예정 시간이 지남: 동기화 ${formatCount(starts)}회를 한 번에 대신함`,
    overdue: (dueAt) => `예정 시간: ${koAt(dueAt)}`,
    heldMany: (starts) => `일시 중지 시간으로 미룸, 동기화 ${formatCount(starts)}회를 대신함`,
    held: (dueAt) => `일시 중지 시간으로 ${koAt(dueAt)}에서 미룸`,
    offset: (dueAt, minutes) => `${koAt(dueAt)}에 임의 지연 ${minutes}분`,
  },

  conflict: '그동안 다른 사용자가 일정을 변경했습니다.',
  conflictMeans: '변경한 내용은 저장되지 않았습니다. 지금 적용되는 일정은 다음과 같습니다.',
  was: (before) => `(이전: ${before})`,
  discardMine: '내 변경 버리기',
  keepMine: '내 변경을 유지하여 저장하기',
  parts: {
    main: '기본 일정',
    timeZone: '표준 시간대',
    fast: '빠른 일정',
    classifications: '빠른 일정의 분류',
    pauseWindows: '일시 중지 시간',
    retry: '실패 후',
  },
  none: '없음',
  windows: (windows) => windows.map(koWindow).join('; '),
  timing: (timing) => {
    if (timing.mode === 'off') return '사용 안 함';
    const delay = timing.randomOffsetMinutes === 0 ? '' : `, 최대 ${timing.randomOffsetMinutes}분 임의 지연`;
    return timing.mode === 'cron'
      ? `cron ${timing.expression}${delay}`
      : `하루 ${timing.count}회, ${timing.firstAt}부터${delay}`;
  },
  noRetry: '재시도 안 함',
  retries: (attempts, minutes) => `${formatCount(attempts)}회 재시도, 첫 재시도는 ${minutes}분 후`,
  fieldProblem: (field, said) =>
    field.endsWith('.expression')
      ? `Cron 식이 올바르지 않습니다. (${said})`
      : (KO_PROBLEMS.find(([pattern]) => pattern.test(field))?.[1] ?? said),

  readingRules: '설정을 읽는 중',
  rulesNotRead: '설정을 읽지 못했습니다.',
  rulesDecidedOn: (host) =>
    `${host}에서 결정합니다. 새 수정 버전이 도착하면 승인과 거부가 그 서버와 같아집니다. 그 서버에서 설정하십시오.`,
  rulesTitle: '업데이트의 새 수정 버전이 도착하면',
  moveApprovals: '승인을 새 수정 버전으로 옮기기',
  moveApprovalsHint:
    '모든 그룹에서 기한과 함께 옮깁니다. 아직 동의하지 않은 사용 조건이 있으면 옮기지 않으므로 직접 승인하십시오. 이 설정을 끄면 컴퓨터에는 승인된 수정 버전이 계속 제공되고, 업데이트 목록에 새 수정 버전이 대기 중이라고 표시됩니다.',
  declineExpired: '새 수정 버전이 만료되면 업데이트 거부하기',
  declineExpiredHint:
    '승인이 종료되어 더 이상 컴퓨터에 제공되지 않습니다. 승인을 옮기는 경우에만 적용됩니다.',
  rulesSaved: '규칙을 저장했습니다',
  rulesFollowed: '다음 동기화부터 적용됩니다.',
  rulesNotSaved: '규칙을 저장하지 못했습니다.',
  saveRules: '규칙 저장',
};

/** By field; the sentences of the schema itself are English. */
const KO_PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/\.count$/, '1에서 24 사이의 정수를 입력하십시오.'],
  [/\.(firstAt|from|to)$/, '00:00에서 23:59 사이의 시간을 HH:MM 형식으로 입력하십시오.'],
  [/\.randomOffsetMinutes$/, '0에서 240 사이의 정수를 입력하십시오.'],
  [/^fast\.classifications/, '빠른 일정의 분류를 하나 이상 선택하십시오.'],
  [/\.days$/, '요일을 하나 이상 선택하십시오.'],
  [
    /^pauseWindows$/,
    '일시 중지 시간을 모두 합하면 한 주 전체여서 아무것도 시작할 수 없습니다. 시간을 남겨 두십시오.',
  ],
  [/^retry\.attempts$/, '0에서 10 사이의 정수를 입력하십시오.'],
  [/^retry\.firstDelayMinutes$/, '1에서 240 사이의 정수를 입력하십시오.'],
  [/^timeZone$/, '올바른 표준 시간대를 선택하십시오.'],
];

export type SyncTexts = typeof en;
export const texts = { en, ko };
