/** What the pages ask about content files, and what they have done with them. */
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
  ArrivingContent,
  ContentFileDetails,
  ContentFilesPage,
  ContentFilesQuery,
  ContentOverview,
  SignatureSums,
} from '../../../protocol/console/content.ts';
import { consoleApi } from '../api/console-api.ts';
import { FIRST_PAGE } from '../api/first-page.ts';

const KEY = 'content';

/** Milliseconds. Bytes that come are on disk and in no event: while some do, they are looked for. */
const WHILE_ARRIVING = 2000;
const OTHERWISE = 15_000;

export const useContent = (): UseQueryResult<ContentOverview> =>
  useQuery({
    queryKey: [KEY, 'overview'],
    queryFn: ({ signal }) => consoleApi.call(api.content, { signal }),
    refetchInterval: OTHERWISE,
  });

export const useArrivingContent = (): UseQueryResult<ArrivingContent> =>
  useQuery({
    queryKey: [KEY, 'arriving'],
    queryFn: ({ signal }) => consoleApi.call(api.arrivingContent, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ isArriving }) => isArriving) === true ? WHILE_ARRIVING : OTHERWISE,
  });

export const useContentFiles = (
  query: z.input<typeof ContentFilesQuery>,
): UseInfiniteQueryResult<InfiniteData<ContentFilesPage>> =>
  useInfiniteQuery({
    queryKey: [KEY, 'files', query],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.contentFiles, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** A file, and the version that who deletes its bytes names. */
export interface ReadFile {
  readonly file: ContentFileDetails;
  readonly version: string;
}

export const useContentFile = (sha1: string): UseQueryResult<ReadFile> =>
  useQuery({
    queryKey: [KEY, 'file', sha1],
    queryFn: async ({ signal }) => {
      const { body, version } = await consoleApi.callVersioned(api.contentFile, { params: { sha1 }, signal });
      return { file: body, version };
    },
    refetchInterval: ({ state: { data } }) => (data?.file.isArriving === true ? WHILE_ARRIVING : false),
  });

export const useSignatures = (): UseQueryResult<SignatureSums> =>
  useQuery({
    queryKey: [KEY, 'signatures'],
    queryFn: ({ signal }) => consoleApi.call(api.signatures, { signal }),
  });

function useContentMutation<V, R>(run: (variables: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
}

/** Undefined: all that wait. */
export const useTryContent = (): UseMutationResult<
  { changed: number },
  Error,
  readonly string[] | undefined
> =>
  useContentMutation((sha1s) =>
    consoleApi.call(api.tryContent, { body: sha1s === undefined ? {} : { sha1s: [...sha1s] } }),
  );

/** Refused where the evidence, or the bytes, are not those any more that were read. */
export const useDeleteQuarantined = (): UseMutationResult<undefined, Error, ReadFile> =>
  useContentMutation(({ file, version }) =>
    consoleApi.call(api.deleteQuarantined, { params: { sha1: file.sha1 }, ifMatch: version }),
  );
