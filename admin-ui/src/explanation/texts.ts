/** What the page says that tells why a computer gets an update, or does not. */
import type { Verdict } from '../../../protocol/console/explanation.ts';

export interface ExplanationTexts {
  readonly why: string;
  readonly title: string;
  readonly reading: string;
  readonly notRead: string;
  readonly nothingAsked: string;
  readonly nothingAskedText: string;
  readonly toComputers: string;
  readonly verdicts: Readonly<Record<Verdict, { readonly title: string; readonly text: string }>>;
  readonly computer: string;
  readonly update: string;

  readonly approval: string;
  readonly declinedBy: (who: string) => string;
  readonly undecided: (group: string) => string;
  readonly decided: (group: string, action: string) => string;
  readonly inherited: (group: string, action: string, from: string) => string;
  readonly by: (who: string) => string;
  readonly together: (action: string, revision: number) => string;
  readonly nothingTogether: string;
  readonly deadline: string;
  readonly comesWith: string;

  readonly scan: string;
  readonly lastContact: string;
  readonly saidSince: string;
  readonly neverSaid: string;
  readonly offers: string;
  readonly doesNotOffer: string;

  readonly prerequisites: string;
  readonly noPrerequisites: string;
  readonly oneOf: string;
  readonly met: string;
  readonly missed: string;
  readonly installed: string;
  readonly askedNotInstalled: string;
  readonly heldBack: string;
  readonly waitsFor: (title: string) => string;
  readonly notHere: (updateId: string) => string;

  readonly newer: string;
  readonly newerApproved: string;
  readonly newerNotApproved: string;

  readonly content: string;
  readonly contentHere: string;
  readonly contentMissing: (files: number, bytes: string) => string;

  readonly report: string;
  readonly noReport: string;
  readonly errorCode: (code: string) => string;
  readonly expired: string;
}

const en: ExplanationTexts = {
  why: 'Why?',
  title: 'Why this update',
  reading: 'Running the scan for this computer',
  notRead: 'The explanation could not be made.',
  nothingAsked: 'Which computer, and which update?',
  nothingAskedText: 'Open a computer or an update, and follow “Why?” beside its state.',
  toComputers: 'Computers',
  verdicts: {
    DECLINED: {
      title: 'It is declined',
      text: 'A declined update is offered to nobody, whatever groups have. Approve it to offer it again.',
    },
    ONLY_IN_BUNDLES: {
      title: 'It comes only with others',
      text: 'It cannot be approved by itself. Approve what brings it along.',
    },
    NOT_APPROVED: {
      title: 'It is not approved for this computer',
      text: 'None of its groups has an approval that holds. Approve it for one of them, or move the computer.',
    },
    REMOVAL: { title: 'It is approved for removal', text: 'The computer is told to uninstall it.' },
    NEVER_SCANNED: {
      title: 'The computer has not finished a scan yet',
      text: 'What it has installed is known once it has. Look at its last contact; on the computer, check for updates.',
    },
    PREREQUISITE_MISSED: {
      title: 'It does not fit this computer, as far as it says',
      text: 'Something that the update requires is not installed. Below is what, and why.',
    },
    DRIVER: {
      title: 'It is a driver',
      text: 'Drivers are offered to computers that name a device for them when they scan, and only the best one for each device.',
    },
    NOT_ASKED_SINCE: {
      title: 'The computer has not asked since',
      text: 'The decision is younger than its last contact. It will hear of it with its next scan.',
    },
    OFFERED: {
      title: 'It is offered',
      text: 'The computer gets it with its scans, and has not reported on it yet.',
    },
    CONTENT_MISSING: {
      title: 'Its files are not here yet',
      text: 'It is offered, and cannot be downloaded from this relay until they are. The page Content shows what keeps them away.',
    },
    NOT_APPLICABLE: {
      title: 'The computer says that it does not apply',
      text: 'It is offered. The computer evaluated the rules in the update itself, and found nothing to install.',
    },
    WAITING: {
      title: 'It is offered, and not installed yet',
      text: 'The computer installs it at its own time, or at the deadline.',
    },
    FAILED: {
      title: 'Installing it failed',
      text: 'The computer tries again by itself. Its events say when and how.',
    },
    PENDING_RESTART: {
      title: 'It is installed, and waits for a restart',
      text: 'Nothing is to be done here.',
    },
    INSTALLED: { title: 'It is installed', text: 'The computer reports that it has it.' },
  },
  computer: 'Computer',
  update: 'Update',
  approval: 'Approval',
  declinedBy: (who) => `Declined by ${who}`,
  undecided: (group) => `${group}: nobody decided, for it or for a group above it`,
  decided: (group, action) => `${group}: ${action}`,
  inherited: (group, action, from) => `${group}: ${action}, inherited from ${from}`,
  by: (who) => `by ${who}`,
  together: (action, revision) => `Together: ${action}, revision ${revision}`,
  nothingTogether: 'Together: nothing is offered',
  deadline: 'deadline',
  comesWith: 'Comes with',
  scan: 'Scan',
  lastContact: 'Last contact',
  saidSince: 'Says what it has since',
  neverSaid: 'It has not finished a scan since this is recorded',
  offers: 'The scan engine offers it to this computer',
  doesNotOffer: 'The scan engine does not offer it to this computer',
  prerequisites: 'Prerequisites',
  noPrerequisites: 'It requires nothing.',
  oneOf: 'One of these',
  met: 'Met',
  missed: 'Missed',
  installed: 'installed',
  askedNotInstalled: 'the computer looked, and does not have it',
  heldBack: 'not asked for: its own prerequisites are missed',
  waitsFor: (title) => `What ${title} waits for`,
  notHere: (updateId) => `${updateId} (not in this catalogue)`,
  newer: 'Newer updates that replace it',
  newerApproved: 'approved for this computer: it takes that one',
  newerNotApproved: 'not approved for this computer',
  content: 'Content',
  contentHere: 'All of its files are here.',
  contentMissing: (files, bytes) =>
    files === 1 ? `One file is not here yet (${bytes}).` : `${files} files are not here yet (${bytes}).`,
  report: 'What the computer reports',
  noReport: 'Nothing about this update.',
  errorCode: (code) => `error ${code}`,
  expired: 'Microsoft has withdrawn this revision.',
};

const ko: ExplanationTexts = {
  why: '이유',
  title: '업데이트 적용 이유',
  reading: '이 컴퓨터의 검사를 실행하고 있습니다',
  notRead: '설명을 만들지 못했습니다.',
  nothingAsked: '어느 컴퓨터와 어느 업데이트입니까?',
  nothingAskedText: '컴퓨터나 업데이트를 열고 상태 옆의 “이유”를 선택하십시오.',
  toComputers: '컴퓨터',
  verdicts: {
    DECLINED: {
      title: '거부된 업데이트입니다',
      text: '거부된 업데이트는 그룹의 승인과 관계없이 아무에게도 제공되지 않습니다. 다시 제공하려면 승인하십시오.',
    },
    ONLY_IN_BUNDLES: {
      title: '다른 업데이트에 포함되어 배포됩니다',
      text: '단독으로 승인할 수 없습니다. 이 업데이트를 포함하는 업데이트를 승인하십시오.',
    },
    NOT_APPROVED: {
      title: '이 컴퓨터에 승인되지 않았습니다',
      text: '컴퓨터가 속한 그룹에 유효한 승인이 없습니다. 그 그룹에 승인하거나 컴퓨터를 옮기십시오.',
    },
    REMOVAL: {
      title: '제거하도록 승인되었습니다',
      text: '컴퓨터는 이 업데이트를 제거하라는 지시를 받습니다.',
    },
    NEVER_SCANNED: {
      title: '컴퓨터가 아직 검사를 마치지 않았습니다',
      text: '검사를 마쳐야 설치된 항목을 알 수 있습니다. 마지막 연결을 확인하고 컴퓨터에서 업데이트를 확인하십시오.',
    },
    PREREQUISITE_MISSED: {
      title: '컴퓨터의 보고에 따르면 이 컴퓨터에 맞지 않습니다',
      text: '업데이트에 필요한 항목이 설치되어 있지 않습니다. 무엇이 왜 없는지 아래에 표시됩니다.',
    },
    DRIVER: {
      title: '드라이버입니다',
      text: '드라이버는 검사할 때 해당 장치를 보고한 컴퓨터에 장치마다 가장 알맞은 하나만 제공됩니다.',
    },
    NOT_ASKED_SINCE: {
      title: '결정 이후 컴퓨터가 아직 연결하지 않았습니다',
      text: '결정이 마지막 연결보다 나중에 내려졌습니다. 다음 검사에서 전달됩니다.',
    },
    OFFERED: {
      title: '제공되고 있습니다',
      text: '컴퓨터는 검사할 때 이 업데이트를 받으며, 아직 결과를 보고하지 않았습니다.',
    },
    CONTENT_MISSING: {
      title: '파일이 아직 없습니다',
      text: '제공되고 있지만 파일이 도착해야 이 서버에서 다운로드할 수 있습니다. 콘텐츠 페이지에서 원인을 볼 수 있습니다.',
    },
    NOT_APPLICABLE: {
      title: '컴퓨터가 해당 없음이라고 보고합니다',
      text: '제공되고 있습니다. 컴퓨터가 업데이트의 규칙을 직접 평가했고 설치할 것이 없다고 판단했습니다.',
    },
    WAITING: {
      title: '제공되었으나 아직 설치되지 않았습니다',
      text: '컴퓨터는 자체 일정이나 기한에 맞추어 설치합니다.',
    },
    FAILED: {
      title: '설치하지 못했습니다',
      text: '컴퓨터가 자동으로 다시 시도합니다. 시각과 내용은 이벤트에서 볼 수 있습니다.',
    },
    PENDING_RESTART: {
      title: '설치되었고 다시 시작을 기다립니다',
      text: '여기에서 할 일은 없습니다.',
    },
    INSTALLED: { title: '설치되어 있습니다', text: '컴퓨터가 설치되어 있다고 보고합니다.' },
  },
  computer: '컴퓨터',
  update: '업데이트',
  approval: '승인',
  declinedBy: (who) => `${who} 님이 거부했습니다`,
  undecided: (group) => `${group}: 이 그룹과 상위 그룹에 결정이 없습니다`,
  decided: (group, action) => `${group}: ${action}`,
  inherited: (group, action, from) => `${group}: ${action} (${from}에서 상속)`,
  by: (who) => `결정: ${who}`,
  together: (action, revision) => `결과: ${action}, 수정 버전 ${revision}`,
  nothingTogether: '결과: 제공되지 않음',
  deadline: '기한',
  comesWith: '포함하는 업데이트',
  scan: '검사',
  lastContact: '마지막 연결',
  saidSince: '설치 항목 보고 시점',
  neverSaid: '기록을 시작한 이후 검사를 마친 적이 없습니다',
  offers: '검사 엔진이 이 컴퓨터에 제공합니다',
  doesNotOffer: '검사 엔진이 이 컴퓨터에 제공하지 않습니다',
  prerequisites: '필수 조건',
  noPrerequisites: '필수 조건이 없습니다.',
  oneOf: '다음 중 하나',
  met: '충족',
  missed: '미충족',
  installed: '설치됨',
  askedNotInstalled: '컴퓨터가 확인했으나 없습니다',
  heldBack: '확인하지 않음: 자체 필수 조건이 충족되지 않았습니다',
  waitsFor: (title) => `${title}의 필수 조건`,
  notHere: (updateId) => `${updateId} (카탈로그에 없음)`,
  newer: '이 업데이트를 대체하는 업데이트',
  newerApproved: '이 컴퓨터에 승인됨: 컴퓨터는 그 업데이트를 설치합니다',
  newerNotApproved: '이 컴퓨터에 승인되지 않음',
  content: '콘텐츠',
  contentHere: '모든 파일이 있습니다.',
  contentMissing: (files, bytes) => `파일 ${files}개가 아직 없습니다 (${bytes}).`,
  report: '컴퓨터의 보고',
  noReport: '이 업데이트에 대한 보고가 없습니다.',
  errorCode: (code) => `오류 ${code}`,
  expired: 'Microsoft가 이 수정 버전을 철회했습니다.',
};

export const texts = { en, ko } as const;
