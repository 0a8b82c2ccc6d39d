/** Where a content file may be fetched from. */
import { contentPath } from '../../catalog/content-path.ts';
import type { WantedFile } from '../../catalog/store/content/content-queue.ts';
import type { Upstream } from '../../config/schema.ts';
import { mayBeAsked, ownHosts } from './internal-addresses.ts';

/**
 * The upstream server's content folder: as configured, else by the protocol's rule for ports ([MS-WSUSSS] 2.1): services
 * on HTTPS 443 go with content on HTTP 80, services on HTTPS N with content on HTTP N - 1.
 */
export function contentRoot(upstream: Upstream): URL {
  if (upstream.contentUrl !== undefined) return withSlash(new URL(upstream.contentUrl));
  const services = new URL(upstream.url);
  const port = services.port === '' ? 80 : Number(services.port) - 1;
  return new URL(`http://${services.hostname}:${port}/Content/`);
}

/**
 * In the order in which they are tried. A server that has no content of its own is not asked for any, unless
 * `upstream.contentUrl` says where there is some.
 *
 * @param isCatalogOnly what the upstream server says of itself (CatalogOnlySync)
 */
export function sourcesOf(file: WantedFile, upstream: Upstream | undefined, isCatalogOnly: boolean): URL[] {
  const sources: URL[] = [];
  if (upstream !== undefined && (upstream.contentUrl !== undefined || !isCatalogOnly)) {
    sources.push(new URL(contentPath(file.sha1, file.extension), contentRoot(upstream)));
  }
  if (file.muUrl !== undefined) {
    const named = new URL(file.muUrl);
    if (mayBeAsked(named, ownHosts(upstream))) sources.push(named);
  }
  return sources;
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
