/** Texts of the tree of servers below this relay. */
import { countOf, formatCount, isOne } from '../format/amounts.ts';
import type { DownstreamServer } from '../../../protocol/console/downstream.ts';

type Health = DownstreamServer['health'];

const asSaid = (said: string): string => said;

const en = {
  title: 'Servers',
  count: (servers: number) => countOf(servers, 'server'),
  reading: 'Reading the servers',
  notRead: 'The servers could not be read.',
  wholeTree: 'The whole tree',
  own: (computers: number, relay: string) =>
    `${formatCount(computers)} of these computers ask ${relay}, this relay, itself.`,
  sumsAlone: 'Downstream servers report sums alone (rollup.detailed).',

  none: 'No server synchronizes from here',
  noListener: 'No HTTPS listener for downstream servers is configured (listeners.downstream), so none can.',
  noneYet: 'No server synchronizes from here yet',
  howTo:
    'Set up Sluice on another machine, give it pki/authority.pem from this relay’s data directory, and name this relay as its upstream server. It shows here after its first synchronization, with its computers and those of servers below it.',
  pinOfRelay: 'the pin that this relay logs at its start',
  inConfiguration: 'In the other server’s configuration',

  serversBelow: 'Servers below it',
  servers: 'Downstream servers',
  replica: 'replica',
  autonomous: 'autonomous',
  identifier: (start: string) => `identifier ${start}…`,
  synchronized: 'Synchronized',
  reported: 'reported',
  lastContact: 'last contact',
  never: 'never',
  computers: (computers: number) => countOf(computers, 'computer'),
  needing: (computers: number) => `${formatCount(computers)} ${isOne(computers) ? 'needs' : 'need'} updates`,
  failed: (computers: number) => `${formatCount(computers)} with failures`,
  hideComputers: 'Hide computers',
  showComputers: 'Show computers',

  health: { well: 'Well', behind: 'Behind', silent: 'Silent', unreported: 'Not reported' } satisfies Record<
    Health,
    string
  >,
  /** What it means, from what the relay says in English. */
  healthMeans: { well: asSaid, behind: asSaid, silent: asSaid, unreported: asSaid } satisfies Record<
    Health,
    (said: string) => string
  >,

  readingComputers: 'Reading the computers',
  computersNotRead: 'The computers could not be read.',
  sumsOf: (server: string) => `It reports sums alone: which computers they are is known on ${server} itself.`,
  computersOf: (server: string) => `Computers of ${server}`,
  columns: { name: 'Name', os: 'Operating system', contact: 'Last contact', updates: 'Updates' },
  showMore: (computers: number) => `Show more of ${countOf(computers, 'computer')}`,

  remove: 'Remove…',
  removeTitle: (server: string) => `Remove ${server}`,
  doRemove: 'Remove',
  removeMeans:
    'What it and the servers below it reported is deleted here. A server that still exists comes back with its next synchronization.',
  removed: (server: string) => `Removed ${server}`,
};

const ko: typeof en = {
  title: '서버',
  count: (servers) => `${formatCount(servers)}대`,
  reading: '서버를 읽는 중',
  notRead: '서버를 읽지 못했습니다.',
  wholeTree: '전체 트리',
  own: (computers, relay) =>
    `이 중 컴퓨터 ${formatCount(computers)}대는 이 릴레이(${relay})에 직접 연결합니다.`,
  sumsAlone: '다운스트림 서버는 합계만 보고합니다(rollup.detailed).',

  none: '여기에서 동기화하는 서버가 없습니다',
  noListener:
    '다운스트림 서버용 HTTPS 수신기가 구성되어 있지 않아(listeners.downstream) 동기화할 수 없습니다.',
  noneYet: '아직 여기에서 동기화하는 서버가 없습니다',
  howTo:
    '다른 컴퓨터에 Sluice를 설치하고, 이 릴레이의 데이터 디렉터리에 있는 pki/authority.pem을 전달한 다음, 이 릴레이를 업스트림 서버로 지정하십시오. 첫 동기화가 끝나면 그 서버의 컴퓨터와 그 아래 서버의 컴퓨터가 여기에 표시됩니다.',
  pinOfRelay: '이 릴레이가 시작할 때 로그에 기록하는 핀',
  inConfiguration: '다른 서버의 구성 파일',

  serversBelow: '하위 서버',
  servers: '다운스트림 서버',
  replica: '복제본',
  autonomous: '자율',
  identifier: (start) => `식별자 ${start}…`,
  synchronized: '동기화',
  reported: '보고',
  lastContact: '마지막 연결',
  never: '없음',
  computers: (computers) => `컴퓨터 ${formatCount(computers)}대`,
  needing: (computers) => `업데이트 필요 ${formatCount(computers)}대`,
  failed: (computers) => `설치 실패 ${formatCount(computers)}대`,
  hideComputers: '컴퓨터 숨기기',
  showComputers: '컴퓨터 보기',

  health: { well: '정상', behind: '뒤처짐', silent: '응답 없음', unreported: '보고 없음' },
  healthMeans: {
    well: () => '동기화하고 보고합니다.',
    behind: () => '보고는 하지만 최근에 동기화하지 않았습니다. 그 서버의 동기화 기록을 확인하십시오.',
    silent: () =>
      '최근에 보고하지 않았습니다. 실행 중인지, 상위 서버에 연결할 수 있는지, 동기화하는지 확인하십시오.',
    unreported: () =>
      '업데이트를 요청했지만 아직 보고하지 않았습니다. 다음 동기화가 성공하면 보고합니다. 보고하지 않도록 설정되어 있거나, 빈 쿠키가 거부되는 WSUS 서버이면 보고하지 않습니다(rollup.reservedCookie).',
  },

  readingComputers: '컴퓨터를 읽는 중',
  computersNotRead: '컴퓨터를 읽지 못했습니다.',
  sumsOf: (server) => `합계만 보고합니다. 어떤 컴퓨터인지는 ${server}에서 확인할 수 있습니다.`,
  computersOf: (server) => `${server}의 컴퓨터`,
  columns: { name: '이름', os: '운영 체제', contact: '마지막 연결', updates: '업데이트' },
  showMore: (computers) => `컴퓨터 ${formatCount(computers)}대 중 더 보기`,

  remove: '제거…',
  removeTitle: (server) => `${server} 제거`,
  doRemove: '제거',
  removeMeans:
    '이 서버와 하위 서버가 보고한 내용을 여기에서 삭제합니다. 서버가 아직 있으면 다음 동기화 때 다시 나타납니다.',
  removed: (server) => `${server}을(를) 제거했습니다`,
};

export const texts = { en, ko };
