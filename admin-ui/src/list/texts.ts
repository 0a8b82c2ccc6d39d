/** Texts of lists: ticking rows, filters, what can be done with what is ticked. */
import { formatCount } from '../format/amounts.ts';

const en = {
  selection: 'Selection',
  clearSelection: 'Clear selection',
  selectShown: (rows: number) => `Select the ${rows} shown`,
  selectRow: (row: string) => `Select ${row}`,

  filters: 'Filters',
  removeFilter: (filter: string) => `Remove the filter ${filter}`,
  clearAll: 'Clear all',
  chosen: (values: number) => `${values} chosen`,
  findIn: (filter: string) => `Find in ${filter}`,
  find: 'Find',
  nothingToChoose: 'Nothing to choose from yet.',
  moreToFind: (values: number) => `${formatCount(values)} more: type to find them.`,
};

const ko: typeof en = {
  selection: '선택',
  clearSelection: '선택 해제',
  selectShown: (rows) => `표시된 ${rows}개 선택`,
  selectRow: (row) => `${row} 선택`,

  filters: '필터',
  removeFilter: (filter) => `필터 제거: ${filter}`,
  clearAll: '모두 지우기',
  chosen: (values) => `${values}개 선택됨`,
  findIn: (filter) => `${filter}에서 찾기`,
  find: '찾기',
  nothingToChoose: '아직 선택할 항목이 없습니다.',
  moreToFind: (values) => `${formatCount(values)}개 더 있습니다. 입력하여 찾으십시오.`,
};

export const texts = { en, ko };
