import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const SOURCES = join(import.meta.dirname, '..');

/** Of the folder itself, and parts of them that other pages show too: `run-texts.ts`. */
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /(^|[/-])texts\.ts$/.test(file) && !/(use|hard-coded)-texts\.ts$/.test(file),
);

const Module = z.object({ texts: z.object({ en: z.looseObject({}), ko: z.looseObject({}) }) });

/** Values by path: `tabs.now`. */
function leaves(value: unknown, path: readonly string[] = []): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, [...path, key]));
}

async function leavesOf(file: string): Promise<{ en: Map<string, unknown>; ko: Map<string, unknown> }> {
  const { texts } = Module.parse(await import(join(SOURCES, file)));
  return { en: new Map(leaves(texts.en)), ko: new Map(leaves(texts.ko)) };
}

describe('the texts of each folder', () => {
  it.each(files)('%s has none that is empty', async (file) => {
    const { en, ko } = await leavesOf(file);
    for (const [path, text] of [...en, ...ko]) {
      expect([path, typeof text]).toEqual([path, expect.stringMatching(/^(string|function)$/)]);
      if (typeof text === 'string') expect([path, text.trim()]).not.toEqual([path, '']);
    }
  });

  it.each(files)('%s has the same in both languages', async (file) => {
    const { en, ko } = await leavesOf(file);
    // Of the problems of the API the relay's own sentences are the English ones.
    const keys = (texts: Map<string, unknown>): string[] =>
      [...texts.keys()].filter((path) => !path.startsWith('problems.')).toSorted();
    expect(keys(ko)).toEqual(keys(en));
  });

  it.each(files)('%s has no English sentence left in Korean', async (file) => {
    const { en, ko } = await leavesOf(file);
    for (const [path, text] of ko) {
      if (typeof text !== 'string') continue;
      // Names (Sluice, KB, SHA-1) are the same; what has two words of small letters is a sentence.
      if (/\p{Ll}+ \p{Ll}+/u.test(text))
        expect([path, text]).toEqual([path, expect.stringMatching(/[가-힣]/)]);
      if (/\s/.test(text) && text === en.get(path))
        expect([path, text]).toEqual([path, 'another text than in English']);
    }
  });
});
