import { isComplete, passwordFaults } from './new-password.ts';
import { texts } from './texts.ts';

const LONG = 'correct horse battery';

describe('a new password', () => {
  it('is to be long enough, new, and the same twice', () => {
    expect(passwordFaults({ current: 'once', next: 'short', again: '' }, texts.en).next).toContain('7 more');
    expect(passwordFaults({ current: LONG, next: LONG, again: LONG }, texts.en).next).toBeDefined();
    expect(passwordFaults({ current: 'once', next: LONG, again: 'other' }, texts.en).again).toBeDefined();
    expect(passwordFaults({ current: 'once', next: LONG, again: LONG }, texts.en)).toEqual({});
  });

  it('is sent only once everything is entered', () => {
    expect(isComplete({ current: 'once', next: LONG, again: LONG })).toBe(true);
    expect(isComplete({ current: '', next: LONG, again: LONG })).toBe(false);
    expect(isComplete({ current: 'once', next: '', again: '' })).toBe(false);
    expect(isComplete({ current: LONG, next: LONG, again: LONG })).toBe(false);
  });
});
