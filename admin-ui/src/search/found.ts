/** What a search over everything finds: a few of each kind, and the way to all of them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../../protocol/console/api.ts';
import { consoleApi } from '../api/console-api.ts';
import { countOf } from '../format/amounts.ts';

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

async function find(words: string, signal: AbortSignal): Promise<Found[]> {
  const query = { search: words, limit: MOST };
  const [updates, computers, groups] = await Promise.all([
    consoleApi.call(api.updates, { query, signal }),
    consoleApi.call(api.computers, { query, signal }),
    consoleApi.call(api.groups, { signal }),
  ]);
  const search = encodeURIComponent(words);
  const all = (path: string, total: number, one: string): FoundRow[] =>
    total > MOST ? [{ to: `${path}?search=${search}`, title: `All ${countOf(total, one)}…` }] : [];
  const named = groups.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase())).slice(0, MOST);
  const found: Found[] = [
    {
      label: 'Updates',
      rows: [
        ...updates.items.map(({ updateId, title }) => ({
          to: `/updates?search=${search}&open=${updateId}`,
          title,
        })),
        ...all('/updates', updates.total, 'update'),
      ],
    },
    {
      label: 'Computers',
      rows: [
        ...computers.items.map(({ computerId, dnsName, ipAddress }) => ({
          to: `/computers?search=${search}&open=${encodeURIComponent(computerId)}`,
          title: dnsName,
          note: ipAddress,
        })),
        ...all('/computers', computers.total, 'computer'),
      ],
    },
    {
      label: 'Groups',
      rows: named.map(({ groupId, name, computers: members }) => ({
        to: `/computers?group=${groupId}`,
        title: name,
        note: countOf(members, 'computer'),
      })),
    },
  ];
  return found.filter(({ rows }) => rows.length > 0);
}

export function useFound(words: string): { readonly found: readonly Found[]; readonly isSearching: boolean } {
  const { data, isFetching } = useQuery({
    queryKey: ['search', words],
    queryFn: ({ signal }) => find(words.slice(0, 200), signal),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  return { found: words === '' ? [] : (data ?? []), isSearching: isFetching };
}
