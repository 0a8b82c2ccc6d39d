/** Texts of the overview. */
import { countOf, formatCount } from '../format/amounts.ts';
import type { RiskCode } from './remedies.ts';

interface RiskTexts {
  readonly name: string;
  /** From the relay's own text, which is English: where that names values, it stays. */
  readonly text: (said: string) => string;
  /** Added to the text. */
  readonly note?: string;
  /** Where it leads to where it is mended. */
  readonly link?: string;
}

interface Texts {
  readonly title: string;
  readonly reading: string;
  readonly notRead: string;
  readonly allWell: string;
  readonly toLookAt: (risks: number) => string;
  readonly lastRun: string;
  readonly noRun: string;
  readonly goToSynchronization: string;
  readonly updates: string;
  readonly arrived: string;
  readonly notApproved: string;
  readonly approved: string;
  readonly declined: string;
  readonly inAll: string;
  readonly computers: string;
  readonly withFailures: string;
  readonly notSeen: string;
  readonly unassigned: string;
  readonly content: string;
  readonly filesHere: (files: number) => string;
  readonly filesToFetch: (files: number) => string;
  readonly inQuarantine: string;
  readonly status: string;
  readonly noReport: string;
  readonly installed: string;
  readonly riskList: string;
  readonly risks: Readonly<Record<RiskCode, RiskTexts>>;
}

const asSaid = (said: string): string => said;

const en: Texts = {
  title: 'Overview',
  reading: 'Reading the overview',
  notRead: 'The overview could not be read.',
  allWell: 'Nothing needs your attention',
  toLookAt: (risks) => `${countOf(risks, 'thing')} to look at`,

  lastRun: 'Last synchronization',
  noRun: 'There was none yet.',
  goToSynchronization: 'Go to synchronization',

  updates: 'Updates',
  arrived: 'arrived in 7 days',
  notApproved: 'not approved',
  approved: 'approved',
  declined: 'declined',
  inAll: 'in all',

  computers: 'Computers',
  withFailures: 'with failures',
  notSeen: 'not seen for 30 days',
  unassigned: 'unassigned',

  content: 'Content',
  filesHere: (files) => `in ${countOf(files, 'file')} here`,
  filesToFetch: (files) => `in ${countOf(files, 'file')} to fetch`,
  inQuarantine: 'in quarantine',

  status: 'Approved updates on computers',
  noReport: 'No computer has reported on an approved update yet.',
  installed: 'of the installations that apply are done',

  riskList: 'Risks',
  risks: {
    PLAIN_HTTP: { name: 'Plain HTTP', text: asSaid },
    NO_UPSTREAM: { name: 'No upstream server', text: asSaid, link: 'Go to synchronization' },
    NOTHING_CHOSEN: { name: 'Nothing is chosen', text: asSaid, link: 'Choose' },
    CERTIFICATE_EXPIRES: {
      name: 'Certificate near its end',
      text: asSaid,
      note: 'Computers and downstream servers refuse one that has ended.',
    },
    CONTENT_QUARANTINED: { name: 'Files in quarantine', text: asSaid, link: 'See what was found' },
    DISK_NEARLY_FULL: { name: 'Disk nearly full', text: asSaid, link: 'See what takes the room' },
    SYNC_FAILED: {
      name: 'Synchronization failed',
      text: asSaid,
      note: 'The catalogue of before still serves.',
      link: 'See the history',
    },
    AUDIT_LOG_ALTERED: {
      name: 'Audit log not verified',
      text: asSaid,
      link: 'See the audit log',
    },
  },
};

const ko: Texts = {
  title: '개요',
  reading: '개요를 읽는 중',
  notRead: '개요를 읽지 못했습니다.',
  allWell: '확인할 문제가 없습니다',
  toLookAt: (risks) => `확인할 문제 ${formatCount(risks)}건`,

  lastRun: '마지막 동기화',
  noRun: '아직 동기화하지 않았습니다.',
  goToSynchronization: '동기화로 이동',

  updates: '업데이트',
  arrived: '최근 7일간 도착',
  notApproved: '승인되지 않음',
  approved: '승인됨',
  declined: '거부됨',
  inAll: '전체',

  computers: '컴퓨터',
  withFailures: '설치 실패',
  notSeen: '30일 동안 연결 없음',
  unassigned: '할당되지 않음',

  content: '콘텐츠',
  filesHere: (files) => `보유 파일 ${formatCount(files)}개`,
  filesToFetch: (files) => `받을 파일 ${formatCount(files)}개`,
  inQuarantine: '격리됨',

  status: '컴퓨터의 승인된 업데이트',
  noReport: '승인된 업데이트의 상태를 보고한 컴퓨터가 아직 없습니다.',
  installed: '적용 대상 설치의 완료율',

  riskList: '위험',
  risks: {
    PLAIN_HTTP: {
      name: '일반 HTTP',
      text: (said) =>
        `암호화되지 않은 HTTP 수신기가 있어 중간에서 내용을 읽거나 바꿀 수 있습니다. 모든 연결을 HTTPS로 바꾸고 구성에서 이 수신기를 제거하십시오. (${said})`,
    },
    NO_UPSTREAM: {
      name: '업스트림 서버 없음',
      text: () => '업스트림 서버가 구성되어 있지 않습니다. 설정 방법은 동기화 페이지에 있습니다.',
      link: '동기화로 이동',
    },
    NOTHING_CHOSEN: {
      name: '선택된 항목 없음',
      text: () =>
        '제품 또는 분류가 선택되지 않아 업데이트를 요청하지 않습니다. 동기화 페이지의 “제품 및 분류”에서 선택하십시오.',
      link: '선택하기',
    },
    CERTIFICATE_EXPIRES: {
      name: '인증서 만료 임박',
      text: (said) => `수신기의 인증서를 갱신하십시오. (${said})`,
      note: '만료된 인증서는 컴퓨터와 다운스트림 서버가 거부합니다.',
    },
    CONTENT_QUARANTINED: {
      name: '격리된 파일',
      text: () =>
        '카탈로그와 다이제스트가 다른 파일이 있으며, 이 파일은 제공하지 않습니다. 전송 중에 무엇이 바뀌었는지 확인하십시오.',
      link: '발견 내용 보기',
    },
    DISK_NEARLY_FULL: {
      name: '디스크 공간 부족',
      text: (said) => `받을 콘텐츠에 비해 디스크 공간이 부족합니다. 공간을 확보하십시오. (${said})`,
      link: '공간 사용 내역 보기',
    },
    SYNC_FAILED: {
      name: '동기화 실패',
      text: (said) => `마지막 동기화가 실패했습니다. (${said})`,
      note: '이전 카탈로그로 계속 서비스합니다.',
      link: '기록 보기',
    },
    AUDIT_LOG_ALTERED: {
      name: '감사 로그 확인 실패',
      text: (said) => `감사 로그가 검증되지 않았습니다. (${said})`,
      link: '감사 로그 보기',
    },
  },
};

export const texts = { en, ko };
