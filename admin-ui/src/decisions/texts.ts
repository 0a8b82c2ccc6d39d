/** Texts of deciding about updates: approving, declining, removing approvals, and taking it back. */
import { countOf, formatCount, isOne } from '../format/amounts.ts';
import type { ChosenAction } from './actions.ts';

interface ActionTexts {
  readonly word: string;
  /** What it does, in a sentence. */
  readonly meaning: string;
}

const asSaid = (said: string): string => said;

const en = {
  approve: 'Approve…',
  approveUpdates: (updates: number) => `Approve ${countOf(updates, 'update')}…`,
  decline: 'Decline…',
  removeApproval: 'Remove approval…',
  decidedOn: (host: string) => `Decided on ${host}.`,
  atMost: (updates: number) => `At most ${updates} at once.`,

  actions: {
    Install: { word: 'Install', meaning: 'Computers that need it download and install it.' },
    OptionalInstall: {
      word: 'Optional install',
      meaning: 'It is offered; whoever uses the computer chooses.',
    },
    PreDeploymentCheck: {
      word: 'Detect only',
      meaning: 'Computers report whether they need it; nothing is installed.',
    },
    Uninstall: { word: 'Uninstall', meaning: 'Computers that have it remove it.' },
    Block: { word: 'Block', meaning: 'It is not offered, whatever other groups say.' },
    NotApproved: { word: 'Not approved', meaning: 'What the groups would inherit stops here.' },
    Remove: { word: 'As the group above', meaning: 'Their own decision goes away; they inherit again.' },
  } satisfies Record<ChosenAction, ActionTexts>,
  action: 'Action',
  deadline: 'Deadline',
  deadlineHint: 'Optional, in your time zone. From then on, computers no longer wait for anyone.',
  deadlinePast: 'This is in the past: it is done at the next scan.',

  approveTitle: (updates: number) => `Approve ${countOf(updates, 'update')}`,
  removeTitle: (updates: number) => `Remove approval of ${countOf(updates, 'update')}`,
  approved: (updates: number, groups: number) =>
    `Approved: ${countOf(updates, 'update')} for ${countOf(groups, 'group')}`,
  decided: (updates: number, groups: number) =>
    `Decided: ${countOf(updates, 'update')} for ${countOf(groups, 'group')}`,
  approvalRemoved: (updates: number, groups: number) =>
    `Approval removed: ${countOf(updates, 'update')} for ${countOf(groups, 'group')}`,
  noGroup: 'No group is ticked.',
  termsOpen: 'The licence terms are to be accepted.',
  groups: 'Groups',
  readingGroups: 'Reading the groups',
  groupsNotRead: 'The groups could not be read.',
  tickToRemove: 'Tick the groups whose own approval is to be removed.',
  tickToSee: 'Tick at least one group to see what it will mean.',
  nothingDecided: 'Nothing was decided.',
  cancel: 'Cancel',
  doApprove: 'Approve',
  doRemove: 'Remove approval',

  declineTitle: (updates: number) => `Decline ${countOf(updates, 'update')}`,
  declined: (updates: number) => `Declined: ${countOf(updates, 'update')}`,
  declineMeans:
    'A declined update is offered to no computer, and its approvals are removed in every group. What is installed stays installed. Approving it later brings it back.',
  nothingDeclined: 'Nothing was declined.',
  doDecline: 'Decline',

  meaning: 'What it will mean',
  meaningUnknown: 'It is not known what this will mean.',
  workingOut: 'Working it out',
  computers: (computers: number): string => (isOne(computers) ? 'computer' : 'computers'),
  needIt: 'need it',
  needed: 'installations needed',
  allHere: 'to fetch: all is here',
  toFetch: (files: number) => `to fetch, in ${countOf(files, 'file')}`,
  /** From what the relay says in English; what it refuses is in `api/texts.ts`. */
  warnings: { SUPERSEDED: asSaid, DECLINED_NOW: asSaid, DEADLINE_PASSED: asSaid, NO_CHANGE: asSaid },
  replaces: 'It replaces what is approved now:',
  superseded: 'Superseded',
  expired: 'Expired',
  noChange: 'Nothing changes: it is so already.',
  changes: 'Changes',
  moreUpdates: (updates: number) => `and ${formatCount(updates)} more updates`,
  unchanged: (updates: number) => `${countOf(updates, 'update')} would not change.`,
  more: (rest: number) => `and ${formatCount(rest)} more`,

  terms: 'Licence terms',
  termsOf: (update: string) => `Licence terms of ${update}`,
  termsTextOf: (update: string) => `Text of the licence terms of ${update}`,
  accept: 'I accept the licence terms for the computers that get it',

  setHere: (action: string) => `${action}, set here`,
  from: (action: string, group: string) => `${action}, from ${group}`,
  above: 'above',
  differs: 'Differs among the updates',
  either: (actions: readonly string[]) => actions.join(' or '),

  takenBack: 'Taken back',
  restored: (decisions: number) => `${countOf(decisions, 'decision')} restored to what it was before.`,
  stands: 'It could not be taken back. The decision stands.',
  wasSo: 'It was so already: nothing changed.',
  changed: (decisions: number) => `${countOf(decisions, 'decision')} changed.`,
  undo: 'Undo',
};

const ko: typeof en = {
  approve: '승인…',
  approveUpdates: (updates) => `업데이트 ${formatCount(updates)}개 승인…`,
  decline: '거부…',
  removeApproval: '승인 해제…',
  decidedOn: (host) => `${host}에서 결정합니다.`,
  atMost: (updates) => `한 번에 ${formatCount(updates)}개까지 가능합니다.`,

  actions: {
    Install: { word: '설치', meaning: '필요한 컴퓨터가 다운로드하여 설치합니다.' },
    OptionalInstall: { word: '선택적 설치', meaning: '제공만 하고, 설치할지는 컴퓨터 사용자가 선택합니다.' },
    PreDeploymentCheck: {
      word: '검색만',
      meaning: '컴퓨터가 필요한지만 보고하고 아무것도 설치하지 않습니다.',
    },
    Uninstall: { word: '제거', meaning: '설치되어 있는 컴퓨터가 제거합니다.' },
    Block: { word: '차단', meaning: '다른 그룹의 결정과 관계없이 제공하지 않습니다.' },
    NotApproved: { word: '승인되지 않음', meaning: '상위 그룹에서 상속될 결정을 여기에서 막습니다.' },
    Remove: { word: '상위 그룹과 같음', meaning: '그룹 자체의 결정을 없애고 다시 상속합니다.' },
  },
  action: '작업',
  deadline: '기한',
  deadlineHint:
    '선택 사항이며, 사용자의 표준 시간대를 따릅니다. 기한이 지나면 컴퓨터가 더 기다리지 않고 처리합니다.',
  deadlinePast: '이미 지난 시간입니다. 다음 검색 때 바로 처리합니다.',

  approveTitle: (updates) => `업데이트 ${formatCount(updates)}개 승인`,
  removeTitle: (updates) => `업데이트 ${formatCount(updates)}개의 승인 해제`,
  approved: (updates, groups) =>
    `승인했습니다: 업데이트 ${formatCount(updates)}개, 그룹 ${formatCount(groups)}개`,
  decided: (updates, groups) =>
    `결정했습니다: 업데이트 ${formatCount(updates)}개, 그룹 ${formatCount(groups)}개`,
  approvalRemoved: (updates, groups) =>
    `승인을 해제했습니다: 업데이트 ${formatCount(updates)}개, 그룹 ${formatCount(groups)}개`,
  noGroup: '선택한 그룹이 없습니다.',
  termsOpen: '사용 조건에 동의해야 합니다.',
  groups: '그룹',
  readingGroups: '그룹을 읽는 중',
  groupsNotRead: '그룹을 읽지 못했습니다.',
  tickToRemove: '자체 승인을 해제할 그룹을 선택하십시오.',
  tickToSee: '결과를 미리 보려면 그룹을 하나 이상 선택하십시오.',
  nothingDecided: '결정된 내용이 없습니다.',
  cancel: '취소',
  doApprove: '승인',
  doRemove: '승인 해제',

  declineTitle: (updates) => `업데이트 ${formatCount(updates)}개 거부`,
  declined: (updates) => `거부했습니다: 업데이트 ${formatCount(updates)}개`,
  declineMeans:
    '거부한 업데이트는 어떤 컴퓨터에도 제공되지 않으며 모든 그룹에서 승인이 해제됩니다. 이미 설치된 것은 그대로 남습니다. 나중에 승인하면 다시 제공됩니다.',
  nothingDeclined: '거부된 업데이트가 없습니다.',
  doDecline: '거부',

  meaning: '예상 결과',
  meaningUnknown: '예상 결과를 알 수 없습니다.',
  workingOut: '계산하는 중',
  computers: () => '대상 컴퓨터',
  needIt: '필요한 컴퓨터',
  needed: '필요한 설치',
  allHere: '받을 파일 없음: 모두 있음',
  toFetch: (files) => `받을 파일 ${formatCount(files)}개`,
  warnings: {
    SUPERSEDED: () => '선택한 업데이트를 대체하는 더 새로운 업데이트가 있습니다.',
    DECLINED_NOW: () => '지금 거부되어 있는 업데이트가 있으며, 거부가 해제됩니다.',
    DEADLINE_PASSED: () =>
      '기한이 이미 지났습니다. 컴퓨터가 다음 검색 때 바로 처리하고 다시 시작할 수 있습니다.',
    NO_CHANGE: () => '이미 그렇게 결정되어 있어 바뀌는 것이 없습니다.',
  },
  replaces: '지금 승인되어 있는 다음 업데이트를 대체합니다.',
  superseded: '대체됨',
  expired: '만료됨',
  noChange: '이미 그렇게 되어 있어 바뀌는 것이 없습니다.',
  changes: '변경 내용',
  moreUpdates: (updates) => `외 업데이트 ${formatCount(updates)}개`,
  unchanged: (updates) => `업데이트 ${formatCount(updates)}개는 바뀌지 않습니다.`,
  more: (rest) => `외 ${formatCount(rest)}개`,

  terms: '사용 조건',
  termsOf: (update) => `${update}의 사용 조건`,
  termsTextOf: (update) => `${update}의 사용 조건 본문`,
  accept: '이 업데이트를 받는 컴퓨터에 대해 사용 조건에 동의합니다',

  setHere: (action) => `${action}, 이 그룹에서 설정`,
  from: (action, group) => `${action}, ${group}에서 상속`,
  above: '상위 그룹',
  differs: '업데이트마다 다름',
  either: (actions) => actions.join(' 또는 '),

  takenBack: '되돌렸습니다',
  restored: (decisions) => `결정 ${formatCount(decisions)}건을 이전 상태로 되돌렸습니다.`,
  stands: '되돌리지 못했습니다. 결정은 그대로 유지됩니다.',
  wasSo: '이미 그렇게 되어 있어 바뀐 것이 없습니다.',
  changed: (decisions) => `결정 ${formatCount(decisions)}건을 변경했습니다.`,
  undo: '실행 취소',
};

export type DecisionTexts = typeof en;
export const texts = { en, ko };
