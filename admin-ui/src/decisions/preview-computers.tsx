/** The first few computers of the groups by name, so that a wrong group is noticed. */
import { Text } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../protocol/console/api.ts';
import { consoleApi } from '../api/console-api.ts';
import { formatCount } from '../format/amounts.ts';

const SHOWN = 4;

export function PreviewComputers({
  groupIds,
}: {
  readonly groupIds: readonly string[];
}): ReactElement | null {
  const { data } = useQuery({
    queryKey: ['computers', 'first', groupIds],
    queryFn: ({ signal }) =>
      consoleApi.call(api.computers, { query: { group: [...groupIds], limit: SHOWN }, signal }),
    placeholderData: keepPreviousData,
  });
  if (data === undefined || data.items.length === 0) return null;
  const rest = data.total - data.items.length;
  return (
    <Text>
      {data.items.map(({ dnsName }) => dnsName).join(', ')}
      {rest > 0 && ` and ${formatCount(rest)} more`}
    </Text>
  );
}
