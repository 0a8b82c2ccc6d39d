import { isComplete, passwordFaults } from './new-password.ts';

const LONG = 'correct horse battery';

describe('a new password', () => {
  it('is to be long enough, new, and the same twice', () => {
    expect(passwordFaults({ current: 'once', next: 'short', again: '' }).next).toContain('7 more');
    expect(passwordFaults({ current: LONG, next: LONG, again: LONG }).next).toBeDefined();
    expect(passwordFaults({ current: 'once', next: LONG, again: 'other' }).again).toBeDefined();
    expect(passwordFaults({ current: 'once', next: LONG, again: LONG })).toEqual({});
  });

  it('is sent only once everything is entered', () => {
    expect(isComplete({ current: 'once', next: LONG, again: LONG })).toBe(true);
    expect(isComplete({ current: '', next: LONG, again: LONG })).toBe(false);
    expect(isComplete({ current: 'once', next: '', again: '' })).toBe(false);
    expect(isComplete({ current: LONG, next: LONG, again: LONG })).toBe(false);
  });
});
