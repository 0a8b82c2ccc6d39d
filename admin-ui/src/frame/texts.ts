/** Texts of what stays while pages change: the rail, the bar at the top, panels, confirmations, failures. */

const en = {
  product: 'Sluice',
  /** Of the browser's tab. */
  titleOf: (page: string) => `${page} – Sluice`,

  pages: {
    overview: 'Overview',
    updates: 'Updates',
    computers: 'Computers',
    groups: 'Groups',
    content: 'Content',
    downstream: 'Servers',
    synchronization: 'Synchronization',
    users: 'Users',
    audit: 'Audit',
    rules: 'Approval rules',
    why: 'Why this update',
  },
  /** Where there is little room. */
  shortPages: { synchronization: 'Sync', rules: 'Rules' },
  pagesList: 'Pages',
  toOverview: 'Sluice, to the overview',
  skipToPage: 'Skip to the page',
  loadingPage: 'Loading the page',
  noticesList: 'Notices',

  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },

  connectionLost: 'Connection lost.',
  tryingToReach: 'What you see is from before. Trying to reach the relay again…',
  pageBroke: 'This page broke. Nothing was changed by that.',
  tryAgain: 'Try again',

  noSuchPage: 'No such page',
  nothingAtAddress: 'Nothing is at this address',
  otherVersion: 'The link may be of another version of the console.',
  goToOverview: 'Go to the overview',

  details: 'Details',
  closeHint: 'Close (Escape)',
  closeDetails: 'Close the details',

  typeToConfirm: (name: string) => `Type ${name} to confirm`,
  nothingChanged: 'Nothing was changed.',
  cancel: 'Cancel',
};

const ko: typeof en = {
  product: 'Sluice',
  titleOf: (page) => `${page} – Sluice`,

  pages: {
    overview: '개요',
    updates: '업데이트',
    computers: '컴퓨터',
    groups: '그룹',
    content: '콘텐츠',
    downstream: '서버',
    synchronization: '동기화',
    users: '사용자',
    audit: '감사',
    rules: '승인 규칙',
    why: '업데이트 적용 이유',
  },
  shortPages: { synchronization: '동기화', rules: '규칙' },
  pagesList: '페이지',
  toOverview: 'Sluice, 개요로 이동',
  skipToPage: '본문으로 건너뛰기',
  loadingPage: '페이지를 불러오는 중',
  noticesList: '알림',

  theme: '테마',
  themes: { system: '시스템 설정', light: '밝게', dark: '어둡게' },

  connectionLost: '연결이 끊겼습니다.',
  tryingToReach: '지금 보이는 내용은 연결이 끊기기 전의 것입니다. 릴레이에 다시 연결하는 중입니다…',
  pageBroke: '페이지에 오류가 발생했습니다. 이 오류로 변경된 내용은 없습니다.',
  tryAgain: '다시 시도',

  noSuchPage: '페이지 없음',
  nothingAtAddress: '이 주소에는 페이지가 없습니다',
  otherVersion: '다른 버전의 콘솔에서 만든 링크일 수 있습니다.',
  goToOverview: '개요로 이동',

  details: '자세히',
  closeHint: '닫기(Esc)',
  closeDetails: '자세히 창 닫기',

  typeToConfirm: (name) => `확인하려면 ${name}을(를) 입력하십시오`,
  nothingChanged: '변경된 내용이 없습니다.',
  cancel: '취소',
};

/** A page, by what the rail calls it. */
export type PageName = keyof typeof en.pages;

export const texts = { en, ko };
