/** What the upstream server last said of its content, kept for the downloads, which happen at other times. */
import { z } from 'zod';

export const UPSTREAM_CONTENT_SETTING = 'sync.upstream-content';

export const UpstreamContent = z.object({
  /** It has no content of its own; files come from the URLs in the metadata ([MS-WSUSSS] 3.2.4.4). */
  catalogOnly: z.boolean(),
});
export type UpstreamContent = z.infer<typeof UpstreamContent>;
