/** The page of content as the address bar has it. */
import type { z } from 'zod';
import {
  CONTENT_ASPECTS,
  CONTENT_SORTS,
  VERDICTS,
  type ContentAspect,
  type ContentFilesQuery,
  type ListedContentState,
  type SignatureVerdict,
} from '../../../protocol/console/content.ts';
import { knownValue, textValue } from '../url/parameters.ts';

export const CONTENT_TABS = ['now', 'queue', 'quarantine', 'files', 'signatures'] as const;
export type ContentTab = (typeof CONTENT_TABS)[number];

/** The tabs that are lists. */
export type ContentListTab = 'queue' | 'quarantine' | 'files';

export const FILE_PARTS = ['details', 'evidence', 'signature'] as const;
export type FilePart = (typeof FILE_PARTS)[number];

export type ContentSort = (typeof CONTENT_SORTS)[number];

export const STATE_OF: Readonly<Record<ContentListTab, ListedContentState>> = {
  queue: 'wanted',
  quarantine: 'quarantined',
  files: 'present',
};

/** What a list can be narrowed to. */
export const ASPECTS_OF: Readonly<Record<ContentListTab, readonly ContentAspect[]>> = {
  queue: ['later', 'due', 'requested'],
  quarantine: ['differs', 'refused', 'requested'],
  files: ['mended'],
};

export interface ContentView {
  readonly tab: ContentTab;
  readonly search: string;
  readonly aspect: ContentAspect | undefined;
  readonly verdict: SignatureVerdict | undefined;
  readonly signer: string | undefined;
  readonly sort: ContentSort;
  /** A SHA-1. */
  readonly open: string | undefined;
  readonly part: FilePart;
}

export function readContentView(params: URLSearchParams): ContentView {
  const tab = knownValue(params, 'tab', CONTENT_TABS, 'now');
  return {
    tab,
    search: textValue(params, 'search') ?? '',
    aspect: knownValue(params, 'aspect', CONTENT_ASPECTS, undefined),
    verdict: knownValue(params, 'verdict', VERDICTS, undefined),
    signer: textValue(params, 'signer'),
    sort: knownValue(params, 'sort', CONTENT_SORTS, tab === 'queue' ? 'turn' : '-changed'),
    open: textValue(params, 'open'),
    part: knownValue(params, 'part', FILE_PARTS, 'details'),
  };
}

/** What to ask the relay for, cursor aside. */
export function contentFilesQuery(view: ContentView, tab: ContentListTab): z.input<typeof ContentFilesQuery> {
  return {
    state: STATE_OF[tab],
    aspect: view.aspect !== undefined && ASPECTS_OF[tab].includes(view.aspect) ? view.aspect : undefined,
    verdict: view.verdict,
    signer: view.signer?.slice(0, 2000),
    search: view.search === '' ? undefined : view.search.slice(0, 200),
    sort: view.sort,
  };
}
