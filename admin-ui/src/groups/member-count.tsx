/** How many computers a group has, as the way to their list: those of the groups below it included. */
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../protocol/console/api.ts';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { consoleApi } from '../api/console-api.ts';
import { TextLink } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

interface MemberCountProps {
  readonly group: TargetGroup;
  readonly hasSubgroups: boolean;
}

export function MemberCount({ group, hasSubgroups }: MemberCountProps): ReactElement {
  const t = useTexts(texts);
  // Computers may be in several groups, so the counts of subgroups cannot be added up.
  const total = useQuery({
    queryKey: ['computers', 'count', group.groupId],
    queryFn: async ({ signal }) =>
      (await consoleApi.call(api.computers, { query: { group: [group.groupId], limit: 1 }, signal })).total,
    enabled: hasSubgroups,
    staleTime: 60_000,
  });
  return (
    <TextLink to={`/computers?group=${group.groupId}`}>
      {t.computersIn(hasSubgroups ? (total.data ?? group.computers) : group.computers)}
    </TextLink>
  );
}
