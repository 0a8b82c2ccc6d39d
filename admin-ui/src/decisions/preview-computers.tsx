/** The first few computers of the groups by name, so that a wrong group is noticed. */
import { Text } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../protocol/console/api.ts';
import { consoleApi } from '../api/console-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const SHOWN = 4;

export function PreviewComputers({
  groupIds,
}: {
  readonly groupIds: readonly string[];
}): ReactElement | null {
  const t = useTexts(texts);
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
      {rest > 0 && ` ${t.more(rest)}`}
    </Text>
  );
}
