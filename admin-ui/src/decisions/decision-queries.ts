/** Asking what a decision would mean, making it, and taking it back. */
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../protocol/console/api.ts';
import type {
  ApprovalRequest,
  DecisionPreview,
  DecisionResult,
  DeclineRequest,
} from '../../../protocol/console/approvals.ts';
import { consoleApi } from '../api/console-api.ts';
import { useErrorText } from '../api/use-error-text.ts';
import { useNotice } from '../frame/notices.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

export type Approve = z.input<typeof ApprovalRequest>;
export type Decline = z.input<typeof DeclineRequest>;

/** Undefined: not enough is chosen to preview anything. */
export const useApprovalPreview = (request: Approve | undefined): UseQueryResult<DecisionPreview> =>
  useQuery({
    queryKey: ['preview', 'approval', request],
    queryFn: ({ signal }) =>
      consoleApi.call(api.previewApproval, { ...(request !== undefined && { body: request }), signal }),
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });

export const useDeclinePreview = (request: Decline): UseQueryResult<DecisionPreview> =>
  useQuery({
    queryKey: ['preview', 'decline', request],
    queryFn: ({ signal }) => consoleApi.call(api.previewDecline, { body: request, signal }),
    staleTime: 5000,
  });

function useReadAgain(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}

/** Tells of a decision in a toast that can take it back. */
function useTell(): (title: string, result: DecisionResult) => void {
  const t = useTexts(texts);
  const notice = useNotice();
  const errorText = useErrorText();
  const readAgain = useReadAgain();
  return (title, { changed, undoToken }) => {
    const undo = async (): Promise<void> => {
      try {
        const undone = await consoleApi.call(api.undoDecision, { body: { undoToken } });
        notice({
          intent: 'info',
          title: t.takenBack,
          text: t.restored(undone.changed),
        });
      } catch (error) {
        notice({
          intent: 'error',
          title: t.stands,
          text: errorText(error),
        });
      }
      await readAgain();
    };
    notice({
      intent: 'success',
      title,
      text: changed === 0 ? t.wasSo : t.changed(changed),
      ...(changed > 0 && { action: { label: t.undo, run: () => void undo() } }),
    });
  };
}

export function useApprove(title: string): UseMutationResult<DecisionResult, Error, Approve> {
  const tell = useTell();
  const readAgain = useReadAgain();
  return useMutation({
    mutationFn: (body) => consoleApi.call(api.approve, { body }),
    onSuccess: (result) => tell(title, result),
    onSettled: readAgain,
  });
}

export function useDecline(title: string): UseMutationResult<DecisionResult, Error, Decline> {
  const tell = useTell();
  const readAgain = useReadAgain();
  return useMutation({
    mutationFn: (body) => consoleApi.call(api.decline, { body }),
    onSuccess: (result) => tell(title, result),
    onSettled: readAgain,
  });
}
