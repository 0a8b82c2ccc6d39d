import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError, describeError } from './api-error.ts';
import { texts } from './texts.ts';

const ROOT = join(import.meta.dirname, '../../..');

const sourcesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'));

describe('a call that failed', () => {
  const taken = new ApiError('GROUP_NAME_TAKEN', 'There is a group named Pilot already.', 409);

  it('is told in the words of the relay in English, and in a sentence for its code in Korean', () => {
    expect(describeError(taken, texts.en)).toBe('There is a group named Pilot already.');
    expect(describeError(taken, texts.ko)).toBe(
      '같은 이름의 그룹이 이미 있습니다. 다른 이름을 입력하십시오.',
    );
  });

  it('is told in the words of the relay where its code has no sentence', () => {
    const other = new ApiError('OF_A_NEWER_RELAY', 'Something new is wrong.', 409);
    expect(describeError(other, texts.ko)).toBe('Something new is wrong.');
    expect(describeError('no error', texts.ko)).toBe('설명이 없는 오류가 발생했습니다.');
  });

  it('has Korean sentences only for codes that something throws', () => {
    const sources = ['server', 'catalog', 'admin-ui/src/api'].flatMap(sourcesOf).join('\n');
    const unknown = Object.keys(texts.ko.problems).filter((code) => !sources.includes(`'${code}'`));
    expect(unknown).toEqual([]);
  });
});
