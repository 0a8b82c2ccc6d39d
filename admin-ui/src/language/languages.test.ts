import { languageOf, preferredLanguage } from './languages.ts';

describe('the language of the console', () => {
  it('is the one that was chosen, whatever the browser prefers', () => {
    expect(preferredLanguage('ko', ['en-US'])).toBe('ko');
    expect(preferredLanguage('en', ['ko-KR'])).toBe('en');
  });

  it('is the first of the browser’s that it speaks', () => {
    expect(preferredLanguage(null, ['fr-FR', 'ko-KR', 'en-US'])).toBe('ko');
    expect(preferredLanguage('klingon', ['en-GB', 'ko'])).toBe('en');
  });

  it('is English where the browser prefers none of its own', () => {
    expect(preferredLanguage(null, ['fr-FR', 'de'])).toBe('en');
    expect(preferredLanguage(null, [])).toBe('en');
  });

  it('is known from tags with a region or a script', () => {
    expect(['ko', 'ko-KR', 'KO-Hang-KR', 'en-GB', 'kok-IN', ''].map(languageOf)).toEqual([
      'ko',
      'ko',
      'ko',
      'en',
      undefined,
      undefined,
    ]);
  });
});
