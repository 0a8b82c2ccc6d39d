/** What a search over everything finds: a few of each kind, and the way to all of them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../../protocol/console/api.ts';
import type { ComputersPage, TargetGroup } from '../../../protocol/console/computers.ts';
import type { UpdatesPage } from '../../../protocol/console/updates.ts';
import { consoleApi } from '../api/console-api.ts';
import type { NameOfGroup } from '../groups/group-name.ts';
import type { FoundTexts } from './texts.ts';

export interface FoundRow {
  readonly to: string;
  readonly title: string;
  readonly note?: string;
}

export interface Found {
  readonly label: string;
  readonly rows: readonly FoundRow[];
}

const MOST = 5;

interface Answers {
  readonly words: string;
  readonly updates: UpdatesPage;
  readonly computers: ComputersPage;
  readonly groups: readonly TargetGroup[];
}

async function find(words: string, signal: AbortSignal): Promise<Answers> {
  const query = { search: words, limit: MOST };
  const [updates, computers, groups] = await Promise.all([
    consoleApi.call(api.updates, { query, signal }),
    consoleApi.call(api.computers, { query, signal }),
    consoleApi.call(api.groups, { signal }),
  ]);
  return { words, updates, computers, groups };
}

function foundOf(
  { words, updates, computers, groups }: Answers,
  t: FoundTexts,
  nameOf: NameOfGroup,
): Found[] {
  const search = encodeURIComponent(words);
  const all = (path: string, total: number, title: (total: number) => string): FoundRow[] =>
    total > MOST ? [{ to: `${path}?search=${search}`, title: title(total) }] : [];
  const named = groups
    .map((group) => ({ ...group, name: nameOf(group.groupId, group.name) }))
    .filter(({ name }) => name.toLowerCase().includes(words.toLowerCase()))
    .slice(0, MOST);
  const found: Found[] = [
    {
      label: t.updates,
      rows: [
        ...updates.items.map(({ updateId, title }) => ({
          to: `/updates?search=${search}&open=${updateId}`,
          title,
        })),
        ...all('/updates', updates.total, t.allUpdates),
      ],
    },
    {
      label: t.computers,
      rows: [
        ...computers.items.map(({ computerId, dnsName, ipAddress }) => ({
          to: `/computers?search=${search}&open=${encodeURIComponent(computerId)}`,
          title: dnsName,
          note: ipAddress,
        })),
        ...all('/computers', computers.total, t.allComputers),
      ],
    },
    {
      label: t.groups,
      rows: named.map(({ groupId, name, computers: members }) => ({
        to: `/computers?group=${groupId}`,
        title: name,
        note: t.members(members),
      })),
    },
  ];
  return found.filter(({ rows }) => rows.length > 0);
}

export function useFound(
  words: string,
  t: FoundTexts,
  nameOf: NameOfGroup,
): { readonly found: readonly Found[]; readonly isSearching: boolean } {
  const { data, isFetching } = useQuery({
    queryKey: ['search', words],
    queryFn: ({ signal }) => find(words.slice(0, 200), signal),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  return {
    found: words === '' || data === undefined ? [] : foundOf(data, t, nameOf),
    isSearching: isFetching,
  };
}
