/** Hosts and ports as URLs and Host headers have them, an IPv6 address in brackets (RFC 3986 3.2.2). */

export const DEFAULT_PORTS = { http: 80, https: 443 } as const;

export const hostAndPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Where to connect to for an `http:` or `https:` URL: a host name, or an address without brackets. */
export const addressOfUrl = (url: URL): { readonly host: string; readonly port: number } => ({
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: url.port === '' ? DEFAULT_PORTS[url.protocol === 'http:' ? 'http' : 'https'] : Number(url.port),
});
