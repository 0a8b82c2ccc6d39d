/** The list of updates as the address bar has it. */
import type { z } from 'zod';
import { UPDATE_STATES, type UpdateState } from '../../../protocol/console/status.ts';
import type { UpdatesQuery } from '../../../protocol/console/updates.ts';
import { APPROVAL_ORDER, type Approval } from '../states/approval-looks.ts';
import { knownValue, knownValues, textValue } from '../url/parameters.ts';

export const UPDATE_SORTS = [
  '-arrived',
  'arrived',
  '-released',
  'released',
  'title',
  '-title',
  '-severity',
  'severity',
] as const;
export type UpdateSort = (typeof UPDATE_SORTS)[number];

export const UPDATE_TABS = ['details', 'status', 'relationships', 'files'] as const;
export type UpdateTab = (typeof UPDATE_TABS)[number];

export interface UpdatesView {
  readonly search: string;
  readonly kb: string;
  readonly classification: readonly string[];
  readonly product: readonly string[];
  readonly approval: readonly Approval[];
  readonly status: readonly UpdateState[];
  readonly severity: readonly string[];
  readonly superseded: 'show' | 'hide';
  readonly expired: 'show' | 'hide';
  readonly sort: UpdateSort;
  /** The update whose details are shown. */
  readonly open: string | undefined;
  readonly tab: UpdateTab;
  /** Filter of the computers in the tab `status`. */
  readonly state: UpdateState | undefined;
}

export function readUpdatesView(params: URLSearchParams): UpdatesView {
  return {
    search: textValue(params, 'search') ?? '',
    kb: textValue(params, 'kb') ?? '',
    classification: params.getAll('classification'),
    product: params.getAll('product'),
    approval: knownValues(params, 'approval', APPROVAL_ORDER),
    status: knownValues(params, 'status', UPDATE_STATES),
    severity: params.getAll('severity'),
    superseded: knownValue(params, 'superseded', ['show', 'hide'], 'show'),
    expired: knownValue(params, 'expired', ['show', 'hide'], 'show'),
    sort: knownValue(params, 'sort', UPDATE_SORTS, '-arrived'),
    open: textValue(params, 'open'),
    tab: knownValue(params, 'tab', UPDATE_TABS, 'details'),
    state: knownValue(params, 'state', UPDATE_STATES, undefined),
  };
}

const someOf = <T>(values: readonly T[]): T[] | undefined => (values.length === 0 ? undefined : [...values]);

/** What to ask the relay for, cursor aside. */
export function updatesQuery(view: UpdatesView): z.input<typeof UpdatesQuery> {
  const kb = view.kb.replace(/^kb/i, '').trim();
  return {
    search: view.search === '' ? undefined : view.search.slice(0, 200),
    kb: kb === '' ? undefined : kb.slice(0, 20),
    classification: someOf(view.classification),
    product: someOf(view.product),
    approval: someOf(view.approval),
    status: someOf(view.status),
    severity: someOf(view.severity),
    superseded: view.superseded === 'hide' ? 'hide' : undefined,
    expired: view.expired === 'hide' ? 'hide' : undefined,
    sort: view.sort,
  };
}

/** Keys that filter; `Clear all` removes them. */
export const FILTER_KEYS = [
  'search',
  'kb',
  'classification',
  'product',
  'approval',
  'status',
  'severity',
  'superseded',
  'expired',
] as const;
