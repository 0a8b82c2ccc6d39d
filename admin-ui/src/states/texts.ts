/** Words for states of updates on computers, approvals and severities. */
import type { ApprovalState, DeploymentAction } from '../../../protocol/console/updates.ts';
import type { UpdateState } from '../../../protocol/console/status.ts';
import type { z } from 'zod';
import { dateAndTime } from '../format/relative-time.ts';

interface Texts {
  readonly states: Readonly<Record<UpdateState, string>>;
  /** `3 failed`. */
  readonly counted: (count: number, state: UpdateState) => string;
  readonly nothingReported: string;
  /** What is decided about an update, over all groups. */
  readonly approvals: Readonly<Record<z.infer<typeof ApprovalState>, string>>;
  /** What is decided for a group. */
  readonly actions: Readonly<Record<z.infer<typeof DeploymentAction>, string>>;
  /** What is done by a time. */
  readonly withDeadline: (action: string, deadline: string) => string;
  /** Of MSRC; a word that is not among them is shown as it came. */
  readonly severities: Readonly<Record<string, string | undefined>>;
}

const en: Texts = {
  states: {
    Failed: 'Failed',
    NotInstalled: 'Needed',
    Downloaded: 'Downloaded',
    InstalledPendingReboot: 'Pending restart',
    Installed: 'Installed',
    NotApplicable: 'Not applicable',
    Unknown: 'Unknown',
  },
  counted: (count, state) => `${count} ${en.states[state].toLowerCase()}`,
  nothingReported: 'Nothing reported',
  approvals: {
    NotApproved: 'Not approved',
    Install: 'Install',
    Uninstall: 'Uninstall',
    Mixed: 'Differs by group',
    Declined: 'Declined',
  },
  actions: {
    Install: 'Install',
    OptionalInstall: 'Optional install',
    Uninstall: 'Uninstall',
    PreDeploymentCheck: 'Detect only',
    Block: 'Block',
    NotApproved: 'Not approved',
  },
  withDeadline: (action, deadline) => `${action}, deadline ${dateAndTime(deadline, 'en')}`,
  severities: { Critical: 'Critical', Important: 'Important', Moderate: 'Moderate', Low: 'Low' },
};

const ko: Texts = {
  states: {
    Failed: '실패',
    NotInstalled: '필요',
    Downloaded: '다운로드됨',
    InstalledPendingReboot: '다시 시작 대기',
    Installed: '설치됨',
    NotApplicable: '해당 없음',
    Unknown: '알 수 없음',
  },
  counted: (count, state) => `${ko.states[state]} ${count}`,
  nothingReported: '보고 없음',
  approvals: {
    NotApproved: '승인되지 않음',
    Install: '설치',
    Uninstall: '제거',
    Mixed: '그룹마다 다름',
    Declined: '거부됨',
  },
  actions: {
    Install: '설치',
    OptionalInstall: '선택적 설치',
    Uninstall: '제거',
    PreDeploymentCheck: '검색만',
    Block: '차단',
    NotApproved: '승인되지 않음',
  },
  withDeadline: (action, deadline) => `${action}, 기한 ${dateAndTime(deadline, 'ko')}`,
  severities: { Critical: '긴급', Important: '중요', Moderate: '보통', Low: '낮음' },
};

export type StateTexts = Texts;
export const texts = { en, ko };
