/** What a group is called: those that are built in have names of their own in every language. */
import { useTexts } from '../language/use-texts.ts';
import { texts } from './name-texts.ts';

/** Of a group by what the relay calls it, in the reader's language. */
export type NameOfGroup = (groupId: string, name: string) => string;

export function useGroupName(): NameOfGroup {
  const names: Readonly<Record<string, string | undefined>> = useTexts(texts);
  return (groupId, name) => names[groupId] ?? name;
}
