import { nextSort, visibleColumns } from './column.ts';

describe('columns', () => {
  it('turn the order round when they are pressed again', () => {
    expect(nextSort('title', 'arrived', 'down')).toBe('-arrived');
    expect(nextSort('-arrived', 'arrived', 'down')).toBe('arrived');
    expect(nextSort('arrived', 'arrived', 'down')).toBe('-arrived');
    expect(nextSort('-arrived', 'title', 'up')).toBe('title');
  });

  it('give way where the list is narrow', () => {
    const column = (key: string, from?: number) => ({
      key,
      label: key,
      track: '1fr',
      render: () => key,
      ...(from !== undefined && { from }),
    });
    const columns = [column('title'), column('product', 900), column('arrived', 700)];
    expect(visibleColumns(columns, 800).map(({ key }) => key)).toEqual(['title', 'arrived']);
  });
});
