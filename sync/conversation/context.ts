/** What the steps of a conversation with the upstream server share. */
import type { ContentSelection } from '../../catalog/store/content/selection.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { SYNC_PHASES } from '../../protocol/channel/messages.ts';
import type { SyncScope } from '../../protocol/console/schedule.ts';
import type { Authorization } from './authorization.ts';
import type { DocumentPreparation } from './document-preparation.ts';
import type { DocumentFetch } from './document-fetch.ts';
import type { RefusedDocument } from './document-import.ts';
import type { SoapClient } from './soap-client.ts';
import type { ConfigData, Upstream } from './upstream.ts';

export type SyncPhase = (typeof SYNC_PHASES)[number];

export interface ConversationContext {
  readonly db: Database;
  readonly upstream: Upstream;
  /** For operations that `upstream` does not have. */
  readonly client: SoapClient;
  /** Gives the cookie that such operations present. */
  readonly authorization: Authorization;
  /** What the server answered to GetConfigData in this conversation. */
  readonly config: ConfigData;
  readonly documents: DocumentFetch;
  readonly preparation: DocumentPreparation;
  readonly runId: number;
  /** Which upstream server the anchors are of. */
  readonly upstreamUrl: string;
  /** Whether the server's decisions are ours too. */
  readonly isReplica: boolean;
  /** Whether files of approved updates are fetched. */
  readonly storesContent: boolean;
  /** Which of them; left out: as usual. */
  readonly selection?: ContentSelection;
  /** Short names of the languages whose updates are asked for; left out: every language. */
  readonly languages?: readonly string[];
  /** Which of the chosen updates it asks for. */
  readonly scope: SyncScope;
  /** Aborts when the synchronization is cancelled. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** @param total 0 while it is not known yet */
  readonly report: (phase: SyncPhase, done: number, total: number) => void;
  /** Takes documents that were set aside, for the history. */
  readonly refused: (documents: readonly RefusedDocument[]) => void;
}

/** Brings one kind of data up to date and commits it; steps before it have committed theirs. */
export type ConversationStep = (context: ConversationContext) => Promise<void>;
