/** Texts of the search over everything. */
import { countOf, formatCount } from '../format/amounts.ts';

const en = {
  label: 'Search everything',
  placeholder: 'Search KB, CVE, title, computer, group',
  searching: 'Searching…',
  nothingFound: 'Nothing found',

  updates: 'Updates',
  allUpdates: (updates: number) => `All ${countOf(updates, 'update')}…`,
  computers: 'Computers',
  allComputers: (computers: number) => `All ${countOf(computers, 'computer')}…`,
  groups: 'Groups',
  members: (computers: number) => countOf(computers, 'computer'),
};

const ko: typeof en = {
  label: '전체 검색',
  placeholder: 'KB, CVE, 제목, 컴퓨터, 그룹 검색',
  searching: '검색 중…',
  nothingFound: '검색 결과 없음',

  updates: '업데이트',
  allUpdates: (updates) => `업데이트 ${formatCount(updates)}개 모두 보기…`,
  computers: '컴퓨터',
  allComputers: (computers) => `컴퓨터 ${formatCount(computers)}대 모두 보기…`,
  groups: '그룹',
  members: (computers) => `컴퓨터 ${formatCount(computers)}대`,
};

export type FoundTexts = typeof en;
export const texts = { en, ko };
