/** What the page asks about rules, and what it changes. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { api } from '../../../protocol/console/api.ts';
import type { Rule, RuleBody, RuleHistory, Rules } from '../../../protocol/console/rules.ts';
import { consoleApi } from '../api/console-api.ts';

const KEY = 'rules';

/** Something and the version that who replaces it names. */
interface Versioned<T> {
  readonly value: T;
  readonly version: string;
}

export type VersionedRule = Versioned<Rule>;

const versionedOf = <T>({ body, version }: { body: T; version: string }): Versioned<T> => ({
  value: body,
  version,
});

const isUnderWay = (rule: Rule): boolean =>
  rule.lastRun?.state === 'waiting' || rule.lastRun?.state === 'running';

export const useRules = (): UseQueryResult<Versioned<Rules>> =>
  useQuery({
    queryKey: [KEY, 'list'],
    queryFn: async ({ signal }) => versionedOf(await consoleApi.callVersioned(api.rules, { signal })),
    refetchInterval: ({ state }) => (state.data?.value.rules.some(isUnderWay) === true ? 2000 : false),
  });

export const useRule = (ruleId: number): UseQueryResult<VersionedRule> =>
  useQuery({
    queryKey: [KEY, 'one', ruleId],
    queryFn: async ({ signal }) =>
      versionedOf(await consoleApi.callVersioned(api.rule, { params: { ruleId: String(ruleId) }, signal })),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data.value) ? 2000 : false),
  });

export const useRuleHistory = (ruleId: number): UseQueryResult<RuleHistory> =>
  useQuery({
    queryKey: [KEY, 'history', ruleId],
    queryFn: ({ signal }) => consoleApi.call(api.ruleHistory, { params: { ruleId: String(ruleId) }, signal }),
  });

/** @param onSuccess is called even where what is shown was replaced meanwhile */
function useRuleMutation<V, R>(
  run: (variables: V) => Promise<R>,
  onSuccess?: (result: R) => void,
): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    ...(onSuccess !== undefined && { onSuccess }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export interface SavedRule {
  /** Absent: it is made. */
  readonly rule?: { readonly ruleId: number; readonly version: string };
  readonly body: RuleBody;
}

export const useSaveRule = (
  onSaved: (saved: VersionedRule) => void,
): UseMutationResult<VersionedRule, Error, SavedRule> => {
  const client = useQueryClient();
  return useRuleMutation(
    async ({ rule, body }) =>
      versionedOf(
        rule === undefined
          ? await consoleApi.callVersioned(api.createRule, { body })
          : await consoleApi.callVersioned(api.changeRule, {
              params: { ruleId: String(rule.ruleId) },
              body,
              ifMatch: rule.version,
            }),
      ),
    (saved) => {
      if (saved.version !== '') client.setQueryData([KEY, 'one', saved.value.ruleId], saved);
      onSaved(saved);
    },
  );
};

export const useSwitchRule = (
  onSwitched: (rule: VersionedRule) => void,
): UseMutationResult<VersionedRule, Error, VersionedRule> => {
  const client = useQueryClient();
  return useRuleMutation(
    async ({ value, version }) =>
      versionedOf(
        await consoleApi.callVersioned(api.setRuleState, {
          params: { ruleId: String(value.ruleId) },
          body: { enabled: !value.enabled },
          ifMatch: version,
        }),
      ),
    (rule) => {
      client.setQueryData([KEY, 'one', rule.value.ruleId], rule);
      onSwitched(rule);
    },
  );
};

export const useDeleteRule = (onDeleted: () => void): UseMutationResult<undefined, Error, VersionedRule> =>
  useRuleMutation(
    ({ value, version }) =>
      consoleApi.call(api.deleteRule, { params: { ruleId: String(value.ruleId) }, ifMatch: version }),
    onDeleted,
  );

export const useRunRule = (
  onAsked: (started: boolean) => void,
): UseMutationResult<{ started: boolean }, Error, number> =>
  useRuleMutation(
    (ruleId) => consoleApi.call(api.runRule, { params: { ruleId: String(ruleId) } }),
    ({ started }) => onAsked(started),
  );

export const useOrderRules = (): UseMutationResult<
  Rules,
  Error,
  { readonly ruleIds: readonly number[]; readonly version: string }
> =>
  useRuleMutation(({ ruleIds, version }) =>
    consoleApi.call(api.orderRules, { body: { ruleIds: [...ruleIds] }, ifMatch: version }),
  );
