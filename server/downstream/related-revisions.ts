/** GetRelatedRevisionsForUpdates ([MS-WSUSSS] 3.1.4.9): "The USS MUST ignore it if called." */
import { GetRelatedRevisionsForUpdates } from '../../protocol/wsusss/related-revisions.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamContext } from './context.ts';
import { openSession } from './session.ts';

/** Nothing is looked up, and nothing said; the cookie comes before everything all the same. */
export const getRelatedRevisionsForUpdates = ({ cookies }: DownstreamContext) =>
  implement(GetRelatedRevisionsForUpdates, ({ cookie }) => {
    openSession(cookies, cookie);
    return { GetRelatedRevisionsForUpdatesResult: [] };
  });
