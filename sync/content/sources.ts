/** Where a content file may be fetched from. */
import { basename, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import type { WantedFile } from '../../catalog/store/content/content-queue.ts';
import { isHttpUrl } from '../../config/content-sources.ts';
import type { Upstream } from '../../config/schema.ts';
import { mayBeAsked, ownHosts } from './internal-addresses.ts';

export type ContentSource =
  | { readonly kind: 'upstream' | 'cdn' | 'sibling'; readonly url: URL }
  | { readonly kind: 'folder'; readonly path: string };

/** For the log and for who reads an error. */
export const nameOf = (source: ContentSource): string =>
  source.kind === 'folder' ? source.path : source.url.host;

/** For people who ask where a file came from; a query or a name and password in an address may be a secret. */
export const originOf = (source: ContentSource): string =>
  source.kind === 'folder' ? source.path : `${source.url.origin}${source.url.pathname}`;

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

export interface SourcesOptions {
  /** `content.sources`. */
  readonly sources: readonly string[];
  readonly upstream: Upstream | undefined;
  /** What the upstream server says of itself (CatalogOnlySync). */
  readonly isCatalogOnly: boolean;
  /** What update documents call the file. */
  readonly fileNames: () => readonly string[];
}

/** In the order in which they are tried: what a quarantined file came from is the last to be asked again. */
export function sourcesOf(file: WantedFile, options: SourcesOptions): ContentSource[] {
  const sources = options.sources.flatMap((name) => sourcesCalled(name, file, options));
  const isDoubted = (source: ContentSource): boolean => originOf(source) === file.doubtedOrigin;
  return [...sources.filter((source) => !isDoubted(source)), ...sources.filter(isDoubted)];
}

function sourcesCalled(name: string, file: WantedFile, options: SourcesOptions): ContentSource[] {
  const path = contentPath(file.sha1, file.extension);
  if (name === 'upstream') return upstreamSource(path, options);
  if (name === 'cdn') return namedSource(file, options);
  if (isHttpUrl(name)) return [{ kind: 'sibling', url: new URL(path, siblingRoot(name)) }];
  const flat = basename(path);
  const names = [path, flat, flat.toLowerCase(), ...options.fileNames().filter(isPlainName)];
  return [...new Set(names)].map((each) => ({ kind: 'folder', path: join(name, each) }));
}

/** A server that has no content of its own is not asked for any, unless `upstream.contentUrl` says where there is some. */
function upstreamSource(path: string, { upstream, isCatalogOnly }: SourcesOptions): ContentSource[] {
  if (upstream === undefined || (upstream.contentUrl === undefined && isCatalogOnly)) return [];
  return [{ kind: 'upstream', url: new URL(path, contentRoot(upstream)) }];
}

/** Who wrote the metadata must not choose which addresses of this network are asked. */
function namedSource({ muUrl }: WantedFile, { upstream }: SourcesOptions): ContentSource[] {
  const url = muUrl === undefined ? null : URL.parse(muUrl);
  return url !== null && mayBeAsked(url, ownHosts(upstream)) ? [{ kind: 'cdn', url }] : [];
}

function siblingRoot(name: string): URL {
  const url = new URL(name);
  return url.pathname === '/' ? new URL('/Content/', url) : withSlash(url);
}

/** What a document calls a file leads nowhere but into the folder. */
const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name) && Buffer.byteLength(name) <= 255;

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
