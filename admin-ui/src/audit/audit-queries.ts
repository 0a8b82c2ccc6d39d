/** What the page asks about the audit log. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../protocol/console/api.ts';
import type {
  AuditEntryDetails,
  AuditExportQuery,
  AuditFilters,
  AuditPage,
  AuditState,
} from '../../../protocol/console/audit.ts';
import { writeQuery } from '../api/address.ts';
import { consoleApi } from '../api/console-api.ts';
import { FIRST_PAGE } from '../api/first-page.ts';

const KEY = 'audit';

export const useAuditLog = (
  filters: z.input<typeof AuditFilters>,
): UseInfiniteQueryResult<InfiniteData<AuditPage>> =>
  useInfiniteQuery({
    queryKey: [KEY, 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.audit, { query: { ...filters, cursor: pageParam }, signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const useAuditState = (): UseQueryResult<AuditState> =>
  useQuery({
    queryKey: [KEY, 'state'],
    queryFn: ({ signal }) => consoleApi.call(api.auditState, { signal }),
  });

/** An entry is never changed: it is read once. */
export const useAuditEntry = (sequence: string): UseQueryResult<AuditEntryDetails> =>
  useQuery({
    queryKey: [KEY, 'entry', sequence],
    queryFn: ({ signal }) => consoleApi.call(api.auditEntry, { params: { sequence }, signal }),
  });

export const useVerifyAudit = (): UseMutationResult<AuditState, Error, void> => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => consoleApi.call(api.verifyAudit),
    onSuccess: (state) => client.setQueryData([KEY, 'state'], state),
  });
};

/** Where the browser gets the file. */
export const exportAddress = (
  filters: z.input<typeof AuditFilters>,
  format: AuditExportQuery['format'],
): string => `/api/audit/export${writeQuery({ ...filters, format })}`;
