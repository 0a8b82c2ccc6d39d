/** What an installation does to a computer, in words; what is not known is shown as it came. */
import type { UpdateTexts } from './texts.ts';

const wordIn = (words: Readonly<Record<string, string>>, name: string): string => words[name] ?? name;

export const restartWord = (behaviour: string, { restarts }: Pick<UpdateTexts, 'restarts'>): string =>
  wordIn(restarts, behaviour);

export const impactWord = (impact: string, { impacts }: Pick<UpdateTexts, 'impacts'>): string =>
  wordIn(impacts, impact);
