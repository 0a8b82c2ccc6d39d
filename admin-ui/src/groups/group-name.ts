/** What a group is called: those that are built in have names of their own in every language. */
import { useTexts } from '../language/use-texts.ts';
import { texts, type GroupTexts } from './texts.ts';

export function groupName(groupId: string, name: string, { builtIns }: Pick<GroupTexts, 'builtIns'>): string {
  const names: Readonly<Record<string, string | undefined>> = builtIns;
  return names[groupId] ?? name;
}

/** In the reader's language; `name` is what the relay calls it. */
export function useGroupName(): (groupId: string, name: string) => string {
  const t = useTexts(texts);
  return (groupId, name) => groupName(groupId, name, t);
}
