import { listAction, moveTo } from './list-keys.ts';

const press = (key: string, held: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean }> = {}) =>
  listAction({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe('the keyboard in a list', () => {
  it('moves with arrows and with j and k, ticks, opens, closes and searches', () => {
    expect(['ArrowDown', 'j', 'ArrowUp', 'k', ' ', 'Enter', 'Escape', '/'].map((key) => press(key))).toEqual([
      'next',
      'next',
      'previous',
      'previous',
      'toggle',
      'open',
      'close',
      'search',
    ]);
  });

  it('leaves the keys of the browser alone', () => {
    expect(press('j', { ctrlKey: true })).toBeUndefined();
    expect(press('ArrowUp', { altKey: true })).toBeUndefined();
    expect(press('q')).toBeUndefined();
  });

  it('ticks every row with Ctrl+A', () => {
    expect(press('a', { ctrlKey: true })).toBe('select-all');
    expect(press('a', { metaKey: true })).toBe('select-all');
  });

  it('stops at both ends', () => {
    expect(moveTo('previous', 0, 5)).toBe(0);
    expect(moveTo('next', 4, 5)).toBe(4);
    expect(moveTo('next', -1, 5)).toBe(0);
    expect(moveTo('last', 1, 5)).toBe(4);
    expect(moveTo('next', -1, 0)).toBe(-1);
  });
});
