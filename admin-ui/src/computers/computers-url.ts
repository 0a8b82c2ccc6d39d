/** The list of computers as the address bar has it. */
import type { z } from 'zod';
import type { ComputersQuery } from '../../../protocol/console/computers.ts';
import { UPDATE_STATES, type UpdateState } from '../../../protocol/console/status.ts';
import { knownValue, knownValues, textValue } from '../url/parameters.ts';

export const COMPUTER_SORTS = ['name', '-name', '-lastContact', 'lastContact', 'os', '-os'] as const;
export type ComputerSort = (typeof COMPUTER_SORTS)[number];

export const COMPUTER_TABS = ['details', 'updates', 'events'] as const;
export type ComputerTab = (typeof COMPUTER_TABS)[number];

export interface ComputersView {
  readonly search: string;
  readonly group: readonly string[];
  readonly status: readonly UpdateState[];
  readonly sort: ComputerSort;
  readonly open: string | undefined;
  readonly tab: ComputerTab;
}

export function readComputersView(params: URLSearchParams): ComputersView {
  return {
    search: textValue(params, 'search') ?? '',
    group: params.getAll('group'),
    status: knownValues(params, 'status', UPDATE_STATES),
    sort: knownValue(params, 'sort', COMPUTER_SORTS, 'name'),
    open: textValue(params, 'open'),
    tab: knownValue(params, 'tab', COMPUTER_TABS, 'details'),
  };
}

/** What to ask the relay for, cursor aside. */
export function computersQuery(view: ComputersView): z.input<typeof ComputersQuery> {
  return {
    search: view.search === '' ? undefined : view.search.slice(0, 200),
    group: view.group.length === 0 ? undefined : [...view.group],
    status: view.status.length === 0 ? undefined : [...view.status],
    sort: view.sort,
  };
}
