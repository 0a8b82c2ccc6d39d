import { chooseCoding } from './compression.ts';

describe('The coding of an answer', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['xpress', 'xpress'],
    ['XPRESS', 'xpress'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate, br', 'identity'],
    ['gzip, xpress', 'xpress'],
    ['xpress;q=0.5, gzip;q=0.5', 'xpress'],
    ['xpress, gzip;q=0.5', 'xpress'],
    ['xpress;q=0.4, gzip;q=0.5', 'gzip'],
    ['xpress ; q=0.001', 'xpress'],
    ['xpress;q=0, gzip', 'gzip'],
    ['xpress;q=0', 'identity'],
    ['*', 'gzip'],
    ['*;q=0, xpress', 'xpress'],
    ['gzip;q=0, *', 'identity'],
    ['identity', 'identity'],
    ['identity, gzip;q=0.5', 'identity'],
    ['identity;q=0.5, gzip', 'gzip'],
    ['identity, gzip', 'gzip'],
    ['identity;q=0', 'identity'],
    ['gzip;q=0, gzip', 'identity'],
    ['xpress;q=1.5, gzip', 'gzip'],
    ['gzip;q=0.1234', 'identity'],
    ['gzip;level=9', 'identity'],
    [', ,gzip,', 'gzip'],
  ] as const)('for %j is %s', (accepted, coding) => {
    expect(chooseCoding(accepted)).toBe(coding);
  });
});
